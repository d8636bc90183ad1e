// The house at the desk: organisations and their duties, users and roles, the first day.
import type { OrgRef, Page, RoleAt, Text } from '../contract.ts';

export interface Organisation {
  readonly id: string;
  readonly name: string;
  readonly kind: Text | null;
  readonly level: 'city' | 'county' | 'township' | 'village' | 'department';
  readonly parent: string | null;
  readonly staff: number | null;
  /** Duties that loops look for by name (`office:`), such as `hr-centre`. */
  readonly offices: readonly string[];
  /** Code of the kind, where it is one of `ORGANISATION_KINDS`. */
  readonly kindCode: string | null;
}

/** `GET /desk/offices`: the duties that loaded programmes look for, and who holds them. */
export interface Office {
  readonly id: string;
  readonly name: Text;
  readonly holder: OrgRef | null;
  readonly programmes: readonly { readonly id: string; readonly name: Text }[];
}

/** `GET /desk/organisations/kinds` */
export interface OrganisationKind {
  readonly code: string;
  readonly name: Text;
}

/** `POST /desk/organisations/save`: a new organisation, or the facts of one that is there. */
export interface OrganisationEntry {
  readonly id: string;
  readonly name: string;
  readonly level: Organisation['level'];
  readonly kind: string | null;
  readonly parent: string | null;
  readonly offices: readonly string[];
  readonly isNew: boolean;
}

/** `GET /desk/first-day`: how far an administrator has come with a fresh house. */
export interface FirstDay {
  readonly organisations: number;
  readonly users: number;
  readonly usersWithoutPassword: number;
  readonly officesOpen: number;
  readonly residents: number | null;
}

/** A role that a user holds, with the id by which it is ended. */
export interface HeldRole extends RoleAt {
  readonly assignment: string;
}

export interface UserRow {
  readonly id: string;
  readonly name: string;
  readonly login: string;
  readonly active: boolean;
  readonly hasPassword: boolean;
  readonly roles: readonly HeldRole[];
  readonly lastSignInAt: string | null;
}

/** `POST /desk/users` with {text, cursor, withoutPassword} */
export interface UserPage extends Page<UserRow> {
  /** What may be given; the local script's own role is not among them. */
  readonly roles: readonly { readonly code: string; readonly name: Text }[];
  readonly withoutPassword: number;
}
