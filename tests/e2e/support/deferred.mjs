// SPDX-License-Identifier: Apache-2.0
/** A promise that somebody else keeps. → {promise, resolve} */
export function deferred() {
  let resolve;
  const promise = new Promise((done) => { resolve = done; });
  return { promise, resolve };
}
