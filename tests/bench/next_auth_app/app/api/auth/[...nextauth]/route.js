// SPDX-License-Identifier: Apache-2.0
import NextAuth from 'next-auth';
import Credentials from 'next-auth/providers/credentials';

const handler = NextAuth({
  session: { strategy: 'jwt' },
  providers: [Credentials({ credentials: { email: {}, password: {} }, authorize: async ({ email }) => ({ id: 'u-ada', name: 'Ada Lovelace', email, bearer: `ey${'a'.repeat(700)}` }) })],
  callbacks: { jwt: ({ token, user }) => (user ? { ...token, bearer: user.bearer } : token) },
});
export { handler as GET, handler as POST };
