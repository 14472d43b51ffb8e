// SPDX-License-Identifier: Apache-2.0
// Notes of each person, kept in memory: enough for an example.
import { randomUUID } from 'node:crypto';

const notesOf = new Map(); // sub → notes, newest first

export const list = (sub) => notesOf.get(sub) ?? [];

export function add(sub, text, via) {
  const note = { id: randomUUID(), text, via, at: new Date().toISOString() };
  notesOf.set(sub, [note, ...list(sub)].slice(0, 100));
  return note;
}

export function remove(sub, id) {
  const kept = list(sub).filter((note) => note.id !== id);
  const found = kept.length < list(sub).length;
  notesOf.set(sub, kept);
  return found;
}
