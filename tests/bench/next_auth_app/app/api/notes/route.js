// SPDX-License-Identifier: Apache-2.0
// What people are told to write: read the session's token in a route handler and call the API with it.
import { getToken } from 'next-auth/jwt';

export const dynamic = 'force-dynamic';

export async function GET(request) {
  const token = await getToken({ req: request });
  if (!token) return Response.json({ code: 'login_required' }, { status: 401 });
  const answer = await fetch(`${process.env.UPSTREAM}/api/notes`, { headers: { Authorization: `Bearer ${token.bearer}` }, cache: 'no-store' });
  return new Response(answer.body, { status: answer.status, headers: { 'content-type': answer.headers.get('content-type') } });
}
