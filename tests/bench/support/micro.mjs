// SPDX-License-Identifier: Apache-2.0
// The parts of the hot path, as Google Benchmark times them (cmake --preset bench).
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { median } from './statistics.mjs';

const root = resolve(import.meta.dirname, '../../..');
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
    const out = JSON.parse(execFileSync(path, [`--benchmark_filter=^${benchmark}$`, '--benchmark_format=json', '--benchmark_min_time=0.2', '--benchmark_repetitions=5'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
    const scale = { ns: 1e-3, us: 1, ms: 1e3 };
    const times = out.benchmarks.filter((it) => it.run_type === 'iteration').map((it) => it.cpu_time * scale[it.time_unit]);
    say(`  ${name}: ${median(times).toFixed(3)} µs`);
    return { name, micros: median(times), repetitions: times };
  });
}
