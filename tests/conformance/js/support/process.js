// A process under test: its output is kept, it is waited for, and stopped by its process id.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

const kStartDeadlineMs = 90_000; // reached only by a failure: a busy machine takes long to import a Python program
const kStopDeadlineMs = 10_000;

export class Process {
  constructor(command, args, { environment, folder }) {
    this.output = '';
    this.child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: environment, cwd: folder });
    // 'close' comes after the last of the output; 'exit' may not.
    this.exited = once(this.child, 'close').then(([code, signal]) => ({ code, signal }));
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        this.output += text;
      });
    }
  }

  /** Waits until `isReady()`, or kills the process and fails with what it wrote. */
  async until(isReady) {
    const deadline = Date.now() + kStartDeadlineMs;
    while (!isReady()) {
      if (this.child.exitCode !== null || Date.now() > deadline) {
        this.child.kill('SIGKILL');
        throw new Error(`${this.child.spawnfile} did not become ready:\n${this.output}`);
      }
      await delay(5);
    }
  }

  /** Sends SIGTERM and waits for the end; returns how the process ended. */
  async stop() {
    if (this.child.exitCode === null) this.child.kill('SIGTERM');
    const killer = setTimeout(() => this.child.kill('SIGKILL'), kStopDeadlineMs);
    const end = await this.exited;
    clearTimeout(killer);
    return end;
  }
}
