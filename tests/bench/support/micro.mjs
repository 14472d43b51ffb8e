// SPDX-License-Identifier: Apache-2.0
// The parts of the hot path, as Google Benchmark times them (cmake --preset bench).
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { median } from './statistics.mjs';

const root = resolve(import.meta.dirname, '../../..');
const processes = 9;
const parts = [
  { name: 'head parse', program: 'http', benchmark: 'ParseRequestHead_Browser' },
  { name: 'session lookup, 1,000 of 100,000 in use', program: 'session', benchmark: 'HashAndFind/in_use:1000' },
  { name: 'session lookup, all 100,000 in turn', program: 'session', benchmark: 'HashAndFind/in_use:100000' },
  { name: 'token hash', program: 'crypto', benchmark: 'TokenHash' },
  { name: 'JWE open, next-auth v5', program: 'jose', benchmark: 'JweOpen/v5_A256CBC_HS512' },
  { name: 'JWE open, next-auth v4', program: 'jose', benchmark: 'JweOpen/v4_A256GCM' },
  { name: 'ES256 signature', program: 'crypto', benchmark: 'Es256Sign' },
];

export function microBenchmarks({ say }) {
  return parts.map(({ name, program, benchmark }) => {
    const path = join(root, `build/bench/src/sallyport/${program}_bench`);
    if (!existsSync(path)) throw new Error(`${path} is not there; script/bench builds it`);
    const scale = { ns: 1e-3, us: 1, ms: 1e3 };
    // A process each: where the stack happens to lie decides whether stores and loads get into each other's way (4 KiB apart),
    // and within one process it always lies there.
    const times = Array.from({ length: processes }, () => {
      const out = JSON.parse(execFileSync(path, [`--benchmark_filter=^${benchmark}$`, '--benchmark_format=json', '--benchmark_min_time=0.1'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
      return out.benchmarks[0].cpu_time * scale[out.benchmarks[0].time_unit];
    });
    say(`  ${name}: ${median(times).toFixed(3)} µs`);
    return { name, micros: median(times), repetitions: times };
  });
}
