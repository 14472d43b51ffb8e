// SPDX-License-Identifier: Apache-2.0
// The same load on one worker and on two: what sharing costs; nginx shows how much of it is the machine's.
import { browserHead } from '../support/browser_head.mjs';
import { interleave } from '../support/interleave.mjs';

export const title = 'Two workers against one';

export const run = ({ peers, load }) => interleave(peers.map((peer) => (
  { name: peer.name, url: `${peer.origin}/api/notes`, headers: browserHead(peer.publicOrigin ?? peer.origin, peer), pids: peer.pids })), { ...load, threads: 2, connections: Math.max(load.connections, 64) });
