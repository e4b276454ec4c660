#include "http/date.h"

#include <chrono>
#include <cstring>

namespace fanfare::http {

namespace {

char* put(char* to, std::string_view text) noexcept {
  std::memcpy(to, text.data(), text.size());
  return to + text.size();
}

char* put_digits(char* to, unsigned value, int count) noexcept {
  for (int i = count - 1; i >= 0; --i, value /= 10) to[i] = static_cast<char>('0' + value % 10);
  return to + count;
}

}  // namespace

void write_imf_date(WallTime time, char* to) noexcept {
  using namespace std::chrono;
  constexpr std::string_view kDays = "SunMonTueWedThuFriSat";
  constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const auto second = floor<seconds>(time);
  const auto day = floor<days>(second);
  const year_month_day date(day);
  const hh_mm_ss clock(second - day);
  to = put(to, kDays.substr(3UL * weekday(day).c_encoding(), 3));
  to = put(to, ", ");
  to = put_digits(to, static_cast<unsigned>(date.day()), 2);
  to = put(to, " ");
  to = put(to, kMonths.substr(3UL * (static_cast<unsigned>(date.month()) - 1), 3));
  to = put(to, " ");
  to = put_digits(to, static_cast<unsigned>(static_cast<int>(date.year())), 4);
  to = put(to, " ");
  to = put_digits(to, static_cast<unsigned>(clock.hours().count()), 2);
  to = put(to, ":");
  to = put_digits(to, static_cast<unsigned>(clock.minutes().count()), 2);
  to = put(to, ":");
  to = put_digits(to, static_cast<unsigned>(clock.seconds().count()), 2);
  put(to, " GMT");
}

std::string_view DateCache::at(WallTime now) noexcept {
  const auto second = std::chrono::floor<std::chrono::seconds>(now);
  if (second != second_) {
    second_ = second;
    write_imf_date(second, text_);
  }
  return {text_, kImfDateChars};
}

}  // namespace fanfare::http
