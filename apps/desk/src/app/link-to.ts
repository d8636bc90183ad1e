// Turns a link of the server into an address of the desk.
import type { Link } from '../contract.ts';

export function addressOf(link: Link): string {
  const id = encodeURIComponent(link.id);
  switch (link.kind) {
    case 'case':
      return `/cases/${id}`;
    case 'object':
      return `/registers/${encodeURIComponent(link.within ?? '')}/objects/${id}`;
    case 'resident':
      return `/residents/${id}`;
    case 'programme':
      return `/programmes/${link.id}`;
    case 'register':
      return `/registers/${id}`;
    case 'organisation':
      return `/organisations?id=${id}`;
    case 'work':
      return `/work?loop=${id}`;
    case 'tree':
      return `/trees/${id}`;
    case 'table':
      return `/tables?id=${id}`;
    case 'match':
      return `/matches/${id}`;
    case 'user':
      return '/users';
  }
}
