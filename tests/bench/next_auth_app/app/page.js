// SPDX-License-Identifier: Apache-2.0
export default () => <p>next-auth, as a peer of the benchmark</p>;
