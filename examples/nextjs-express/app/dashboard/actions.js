// SPDX-License-Identifier: Apache-2.0
'use server';
import { revalidatePath } from 'next/cache';
import { callApi } from '../../lib/api';

export async function addNote(form) {
  const text = String(form.get('text') ?? '').trim();
  if (text === '') return;
  await callApi('/api/notes', { method: 'POST', body: { text, via: 'server action' } });
  revalidatePath('/dashboard');
}
