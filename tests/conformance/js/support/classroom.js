// The scenario that every backend is put through: a teacher and two students in a classroom, a quiz, and who hears of it.
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { kService, kStudents, kTeacher } from './backend.js';

const kRoom = 'presence-classroom-101';
const kDeadlineMs = 10_000;

async function join(t, backend, Pusher) {
  const teacher = await backend.page(t, Pusher, kTeacher);
  const students = [await backend.page(t, Pusher, kStudents[0]), await backend.page(t, Pusher, kStudents[1])];
  const room = await teacher.subscribe(kRoom);
  const seats = await Promise.all(students.map((student) => student.subscribe(kRoom)));
  assert.deepEqual(seats[0].channel.members.me, { id: 's1', info: { name: 'Bo "the one"', role: 'student' } });
  await room.events.next('pusher:member_added');
  await room.events.next('pusher:member_added');
  assert.deepEqual(room.channel.members.get('2').info, { name: 'Zoë', role: 'student' });
  return { teacher, students, room, seats };
}

/** The teacher sets a quiz; the application's own server tells when it was submitted. */
async function quiz(backend, { teacher, room, seats }) {
  const set = await backend.trigger(kTeacher, {
    channel: kRoom,
    event: 'quiz.started',
    data: { quiz: 7 },
    socket_id: teacher.socketId,
  });
  assert.deepEqual(set.json, { success: true, channels: [kRoom], event: 'quiz.started', channel: kRoom }, set.text);
  for (const seat of seats) assert.deepEqual(await seat.events.next('quiz.started'), { quiz: 7 });

  const desk = await teacher.subscribe('private-teacher');
  const submitted = await backend.trigger(kService, {
    channels: ['private-teacher', kRoom],
    event: 'quiz.submitted',
    data: { quiz: 7, by: 's1', text: 'π "é"' },
  });
  assert.equal(submitted.status, 200, submitted.text);
  const expected = { quiz: 7, by: 's1', text: 'π "é"' };
  assert.deepEqual(await desk.events.next('quiz.submitted'), expected);
  assert.deepEqual(await room.events.next('quiz.submitted'), expected);
  for (const seat of seats) assert.deepEqual(await seat.events.next('quiz.submitted'), expected);
  assert.equal(room.events.has('quiz.started'), false, 'the sender was left out');
}

/** Each student is told alone: the first by a channel of its own, the second by its sign-in. */
async function grades(backend, { students }) {
  const grade = (id, points) =>
    backend.call('POST', `/api/v1/realtime/users/${id}/events`, kTeacher, { event: 'quiz.graded', data: { points } });
  const own = await students[0].subscribe('private-user-s1');
  const first = await grade('s1', 9);
  assert.equal(first.status, 200, first.text);
  assert.deepEqual(await own.events.next('quiz.graded'), { points: 9 });

  students[1].pusher.signin();
  await students[1].pusher.user.signinDonePromise;
  // The sign-in is done before the client's own subscription to the user's events is.
  let told;
  for (let attempt = 0; attempt < 50 && !told; attempt += 1) {
    assert.equal((await grade('2', 5)).status, 200);
    told = await students[1].user.next('quiz.graded', 200).catch(() => undefined);
  }
  assert.deepEqual(told, { points: 5 });
  assert.equal(own.events.has('quiz.graded'), false, 'a student hears nothing of the other one');
}

async function refusals(backend, { students }) {
  const { events } = students[0].listen('private-teacher');
  const error = await events.next('pusher:subscription_error');
  assert.equal(error.status, 403);
  assert.match(JSON.stringify(error), /AuthError/);
  for (const channel of [kRoom, 'private-teacher', 'private-user-2']) {
    const answer = await backend.trigger(kStudents[0], { channel, event: 'e', data: 1 });
    assert.equal(answer.status, 403, channel);
    assert.equal(answer.json.error.request_id, answer.headers['x-request-id']);
  }
  const members = await backend.call('GET', `/api/v1/realtime/presence/${kRoom}`, kTeacher);
  assert.deepEqual(members.json.users.map(({ id }) => id).sort(), ['2', 's1', 't1']);
}

/** Asks both health endpoints until they count so, which is soon. */
async function counts(backend, users, channels) {
  const facts = {
    status: 'healthy',
    connected_users: users,
    total_channels: channels.length,
    active_channels: channels,
  };
  const deadline = Date.now() + kDeadlineMs;
  for (;;) {
    const [health, status] = [await backend.call('GET', '/health'), await backend.call('GET', '/health/pusher/status')];
    try {
      assert.equal(health.status, 200);
      assert.deepEqual(health.json.services.pusher, facts);
      const { rate_limit_remaining: remaining, ...data } = status.json.data;
      assert.deepEqual(data, { ...facts, pusher_enabled: true });
      assert.ok(Number.isInteger(remaining) && remaining > 0 && remaining <= 100, `${remaining} requests are left`);
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await delay(20);
  }
}

export async function quizInAClassroom(t, backend, Pusher) {
  const people = await join(t, backend, Pusher);
  await quiz(backend, people);
  await grades(backend, people);
  await refusals(backend, people);
  await counts(backend, 3, [kRoom, 'private-teacher', 'private-user-s1']);
  people.students[1].pusher.disconnect();
  assert.deepEqual((await people.room.events.next('pusher:member_removed')).id, '2');
  people.students[0].pusher.unsubscribe('private-user-s1');
  await counts(backend, 2, [kRoom, 'private-teacher']);
}
