#include "net/event_loop.h"

#include <algorithm>
#include <utility>

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "base/assert.h"
#include "net/io_backend.h"
#include "net/socket_address.h"
#include "net/tcp_stream.h"

namespace fanfare::net {

namespace {

using std::chrono::milliseconds;

// Deferred tasks may defer more; a stop does not wait for those that never come to an end.
constexpr int kRoundsAtStop = 1000;

thread_local const EventLoop* current_loop = nullptr;

}  // namespace

const Clock& EventLoop::system_clock() noexcept {
  static const SystemClock clock;
  return clock;
}

EventLoop::EventLoop(LoopIndex index, const NetOptions& options, const Clock& clock)
    : index_(index),
      options_(options),
      source_clock_(clock),
      now_(clock),
      mailbox_(options.mailbox_places),
      busy_(now()),
      timers_(now()),
      backend_(make_io_backend(options, stats_, *this)) {
  turn_end_ = now();
  last_turn_.store(now().time_since_epoch().count(), std::memory_order_relaxed);
}

EventLoop::~EventLoop() {
  FANFARE_ASSERT(!running_.load(std::memory_order_relaxed));
  discard_tasks();
}

void EventLoop::run() noexcept {
  current_loop = this;
  running_.store(true, std::memory_order_relaxed);
  while (!stopping_) turn(kSleepMax);
  for (int round = 0; round < kRoundsAtStop && !is_settled(); ++round) {
    flush_touched();
    flush_waiting();
    run_deferred();
  }
  stopping_ = false;
  running_.store(false, std::memory_order_relaxed);
  current_loop = nullptr;
}

void EventLoop::stop() {
  post([this] { stopping_ = true; });
}

void EventLoop::discard_tasks() {
  // What a destroyed task owned may post or defer in its destructor.
  for (int round = 0; round < kRoundsAtStop; ++round) {
    const std::vector<Task> deferred = std::exchange(deferred_, {});
    const std::vector<Task> behind_writes = std::exchange(behind_writes_, {});
    if (mailbox_.discard() == 0 && deferred.empty() && behind_writes.empty()) return;
  }
}

bool EventLoop::turn(milliseconds wait_max) {
  check_thread();
  backend_->wait(sleep_time(wait_max));
  begin_turn();
  run_mailbox();
  backend_->dispatch();
  stats_.timers_fired.add(timers_.advance(now()));
  run_hooks();
  flush();
  run_deferred();
  end_turn();
  return has_work();
}

void EventLoop::run_mailbox() { stats_.tasks_run.add(mailbox_.run(options_.mailbox_tasks_per_turn)); }

void EventLoop::before_input() {
  if (mailbox_.depth() != 0) run_mailbox();
}

milliseconds EventLoop::sleep_time(milliseconds wait_max) {
  if (has_work()) return milliseconds{0};
  milliseconds wait = std::min(wait_max, kSleepMax);
  if (const auto next = timers_.until_next(turn_end_)) wait = std::min(wait, *next);
  if (flush_list_.has_waiting()) {
    wait = std::min(wait, std::chrono::ceil<milliseconds>(flush_delay_left(turn_end_)));
    if (wait <= milliseconds{0}) return milliseconds{0};
  }
  if (wait > milliseconds{0} && !mailbox_.try_sleep()) wait = milliseconds{0};
  return wait;
}

void EventLoop::begin_turn() {
  now_.read();
  last_turn_.store(now().time_since_epoch().count(), std::memory_order_relaxed);
  busy_.roll(now());
  skip_sleep_ = false;
  stats_.turns.add();
}

void EventLoop::end_turn() {
  turn_end_ = source_clock_.monotonic();
  const MonotonicTime::duration length = turn_end_ - now();
  busy_.add(length);
  const auto length_count = std::chrono::duration_cast<std::chrono::microseconds>(length).count();
  const auto length_us = static_cast<std::uint64_t>(std::max<std::int64_t>(length_count, 0));
  stats_.busy_us.add(length_us);
  stats_.turn_length.record_us(length_us);
}

bool EventLoop::is_settled() const noexcept {
  return !flush_list_.has_touched() && !flush_list_.has_waiting() && deferred_.empty() && behind_writes_.empty();
}

bool EventLoop::has_work() const noexcept {
  return skip_sleep_ || hooks_have_more_ || flush_list_.has_touched() || !deferred_.empty() || backend_->has_leftover();
}

void EventLoop::add_turn_hook(TurnHook& hook) {
  check_thread();
  hooks_.push_back(&hook);
}

void EventLoop::remove_turn_hook(TurnHook& hook) {
  check_thread();
  // Only emptied while the list is being walked; run_hooks() takes the gap out.
  std::replace(hooks_.begin(), hooks_.end(), &hook, static_cast<TurnHook*>(nullptr));
  if (!in_hooks_) std::erase(hooks_, nullptr);
}

void EventLoop::run_hooks() {
  hooks_have_more_ = false;
  in_hooks_ = true;
  const std::size_t count = hooks_.size();
  for (std::size_t i = 0; i < count; ++i) {
    if (hooks_[i] != nullptr && hooks_[i]->on_turn()) hooks_have_more_ = true;
  }
  in_hooks_ = false;
  std::erase(hooks_, nullptr);
}

void EventLoop::touch(TurnFlush& target) { flush_list_.add(target); }

void EventLoop::touch_patiently(TurnFlush& target) {
  if (!busy_.is_busy() || options_.flush_delay <= milliseconds{0}) return flush_list_.add(target);
  flush_list_.add_waiting(target, now());
}

void EventLoop::flush_now(TurnFlush& target) { flush_list_.flush_now(target); }

void EventLoop::forget(TurnFlush& target) noexcept { flush_list_.remove(target); }

MonotonicTime::duration EventLoop::flush_delay_left(MonotonicTime now) const noexcept {
  return options_.flush_delay - flush_list_.waited(now);
}

void EventLoop::flush() {
  flush_touched();
  if (flush_list_.has_waiting() && flush_delay_left(now()) > MonotonicTime::duration{0}) return;
  flush_waiting();
}

void EventLoop::flush_touched() {
  if (!flush_list_.has_touched()) return;
  backend_->begin_batch(flush_list_.touched());
  flush_list_.flush_touched();
  backend_->send_batch();
}

void EventLoop::flush_waiting() {
  if (flush_list_.has_waiting()) {
    backend_->begin_batch(flush_list_.waiting());
    flush_list_.flush_waiting();
    backend_->send_batch();
  }
  if (behind_writes_.empty()) return;
  behind_writes_running_.swap(behind_writes_);
  for (Task& task : behind_writes_running_) task();
  behind_writes_running_.clear();
}

void EventLoop::defer(Task task) {
  check_thread();
  deferred_.push_back(std::move(task));
}

void EventLoop::run_behind_writes(Task task) {
  check_thread();
  behind_writes_.push_back(std::move(task));
}

void EventLoop::run_deferred() {
  if (deferred_.empty()) return;
  // They may leave work for the hooks, which have had their call in this turn.
  skip_sleep_ = true;
  deferred_running_.swap(deferred_);
  for (Task& task : deferred_running_) {
    Task running = std::move(task);
    running();
  }
  deferred_running_.clear();
}

void EventLoop::post(Task task) {
  if (mailbox_.post(std::move(task))) backend_->wake();
}

void EventLoop::post_reserved(Task task) {
  if (mailbox_.post_reserved(std::move(task))) backend_->wake();
}

bool EventLoop::try_reserve(std::size_t count) { return mailbox_.try_reserve(count); }

void EventLoop::release(std::size_t count) { mailbox_.release(count); }

std::unique_ptr<Stream> EventLoop::adopt(UniqueFd connected) {
  check_thread();
  const int fd = connected.get();
  ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
  // Refused by sockets that are not TCP, which need it not.
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  return make_in_slab<TcpStream>(slabs_, *this, std::move(connected), SocketAddress::of_peer(fd));
}

bool EventLoop::is_current() const noexcept { return current_loop == this; }

MonotonicTime EventLoop::last_turn() const noexcept {
  return MonotonicTime(MonotonicTime::duration(last_turn_.load(std::memory_order_relaxed)));
}

void EventLoop::check_thread() const noexcept {
  FANFARE_DEBUG_ASSERT(is_current() || !running_.load(std::memory_order_relaxed));
}

}  // namespace fanfare::net
