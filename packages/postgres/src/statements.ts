// Statements as they are sent: named by their texts, so that each connection parses and plans them once, with the settings
// that row-level security reads.
import { createHash } from 'node:crypto';
import type { FlightStatement } from './flight.ts';
import { parameter } from './parameters.ts';
import type { Fragment } from './sql.ts';

/** Settings that row-level security reads; sent as `set local`, one message each (scale.md rule 1). */
export type LocalSettings = Readonly<Record<`app.${string}`, string>>;

interface Ready {
  readonly name?: string;
  readonly text: string;
  readonly values: unknown[];
}

export function unprepared(fragment: Fragment): Ready {
  const { text, params } = fragment.compile();
  return { text, values: params.map(parameter) };
}

// A statement's name follows from its text, so that equal texts share one plan per connection. The number of texts is
// bounded by the shapes of our own fragments; very long ones are one-offs and stay unnamed.
const names = new Map<string, string>();
export function prepared(fragment: Fragment): Ready {
  const { text, params } = fragment.compile();
  let name = names.get(text);
  if (name === undefined && text.length < 12_000 && names.size < 2000) {
    name = `y${createHash('sha1').update(text).digest('base64url').slice(0, 20)}`;
    names.set(text, name);
  }
  const values = params.map(parameter);
  return name === undefined ? { text, values } : { name, text, values };
}

export const BEGIN: FlightStatement = { name: 'begin', text: 'begin' };
export const BEGIN_READ: FlightStatement = { name: 'begin_read', text: 'begin read only' };
export const COMMIT: FlightStatement = { name: 'commit', text: 'commit' };
export const KEEP_PLAN: FlightStatement = {
  name: 'keep_plan',
  text: 'set local plan_cache_mode = force_generic_plan',
};

export const ROOM_FOR_SETS: FlightStatement = { name: 'room_for_sets', text: "set local work_mem = '256MB'" };

/** What many readers have in common: the reach of a role, the organisations of a house. Parsed once per connection. */
const COMMON_SETTING = /^set local (app\.(reach|orgs)|plan_cache_mode) /;
const COMMON_MAX = 500;
const settingNames = new Map<string, string>();

export function statement(text: string): FlightStatement {
  if (!COMMON_SETTING.test(text)) return { text };
  let name = settingNames.get(text);
  if (name === undefined && settingNames.size < COMMON_MAX) {
    name = `set_${settingNames.size}`;
    settingNames.set(text, name);
  }
  return name === undefined ? { text } : { name, text };
}

/** An empty setting says the same as none: it closes. Each is a statement of its own (scale.md rule 1). */
export function settingStatements(settings: LocalSettings): string[] {
  const given = Object.entries(settings).filter(([, value]) => value !== '');
  return given.map(([key, value]) => {
    if (!/^app\.[a-z_]+$/.test(key)) throw new Error(`fault: "${key}" is not a setting of ours`);
    return `set local ${key} = '${value.replaceAll("'", "''")}'`;
  });
}
