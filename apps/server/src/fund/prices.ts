// Prices of services on the desk: the dated list, the batches with their totals and warnings, hospitals that charge differently
// within one grade; and the release of a batch, which needs the insurance policy on the same day.
import type { PriceBoard } from '@yimai/desk/contract';
import { type Resource, rowKey } from '@yimai/fhir';
import {
  batchTotals,
  directionWarnings,
  type HospitalPrice,
  ITEM_CLASSES,
  type ItemClass,
  type PriceBatch,
  type PriceChange,
  priceDeviations,
  releaseBatch,
} from '@yimai/fund';
import {
  addDays,
  chinaDate,
  type Fen,
  isLocalDate,
  localDate,
  ok,
  parseYuan,
  type Result,
  refuse,
} from '@yimai/kit';
import { sql } from '@yimai/postgres';
import type { CommandHandler, RecordTx } from '@yimai/record';
import type { FastifyInstance } from 'fastify';
import { readerOf } from '../desk/desk-deps.ts';
import { bodyOf, dateOf, textOf } from '../desk/read-body.ts';
import { type FundDeps, houseRef, yuan } from './fund-deps.ts';

const BASE = 'https://yimai.example/fhir';
const KIND = `${BASE}/CodeSystem/price-kind`;
const CLASS = `${BASE}/CodeSystem/price-class`;
const GRADE = `${BASE}/CodeSystem/hospital-grade`;
const ABOUT = `${BASE}/StructureDefinition/about-organisation`;
const ENGINE = 'prices';
const RELEASERS = ['insurer-clerk'];
const SHOWN = 60;

export function register(app: FastifyInstance, deps: FundDeps): void {
  app.post('/desk/pay/prices', async (request): Promise<PriceBoard> => {
    const reader = await readerOf(deps, request);
    const body = bodyOf(request.body);
    const on = dateOf(body, 'on') ?? chinaDate(reader.now);
    const may = { release: ['script', ...RELEASERS].includes(reader.actor.role) };
    return { ...(await boardOf(deps, on, textOf(body, 'text', 60) ?? '')), may };
  });
}

export interface PriceItem {
  readonly item: string;
  readonly title: string;
  readonly kind: string;
  readonly class: ItemClass;
  readonly batch: string;
  readonly on: string;
  readonly org: string;
  readonly oldFen: Fen;
  readonly newFen: Fen;
}

interface ItemRow {
  readonly codes: readonly { readonly system?: string; readonly code?: string }[];
  readonly title: string | null;
  readonly batch: string | null;
  readonly on: string | null;
  readonly org: string | null;
  readonly old: string | null;
  readonly fresh: string | null;
}

export async function itemsOf({ fund }: FundDeps): Promise<PriceItem[]> {
  const { rows } = await fund.database.read<ItemRow>(
    fund.shelf.asSystem().settings,
    sql`select j #> '{code,coding}' as codes, j ->> 'title' as title, j #>> '{partOf,0}' as batch,
        j #>> '{effectivePeriod,start}' as "on",
        (select e #>> '{valueReference,reference}' from jsonb_path_query(j, '$.extension[*]') as e
          where e ->> 'url' = ${ABOUT} limit 1) as org,
        (select c #>> '{amount,value}' from jsonb_path_query(j, '$.propertyGroup[*].priceComponent[*]') as c
          where jsonb_path_exists(c, '$.code.coding[*] ? (@.code == "old-price")') limit 1) as old,
        (select c #>> '{amount,value}' from jsonb_path_query(j, '$.propertyGroup[*].priceComponent[*]') as c
          where jsonb_path_exists(c, '$.code.coding[*] ? (@.code == "new-price")') limit 1) as fresh
      from (select r.fhir_id, r.content::jsonb as j from resource r
        where r.type = 'ChargeItemDefinition' and not r.deleted) as found order by fhir_id`,
  );
  return rows.flatMap(({ codes, title, batch, on, org, old, fresh }) => {
    const codeIn = (system: string) => codes?.find((one) => one.system === system)?.code;
    const item = codes?.find((one) => one.system !== KIND && one.system !== CLASS)?.code;
    if (item === undefined || on === null || fresh === null) return [];
    return [
      {
        item,
        title: title ?? item,
        kind: codeIn(KIND) ?? 'adjustment',
        class: ITEM_CLASSES.find((one) => one === codeIn(CLASS)) ?? 'other',
        batch: batch?.split(':').at(-1) ?? '',
        on: on.slice(0, 10),
        org: org?.split('/')[1] ?? '',
        oldFen: fenOf(old ?? fresh),
        newFen: fenOf(fresh),
      },
    ];
  });
}

const fenOf = (text: string): Fen => BigInt(Math.round(Number(text) * 100));

async function boardOf(deps: FundDeps, on: string, text: string): Promise<Omit<PriceBoard, 'may'>> {
  const all = await itemsOf(deps);
  const adjusted = all.filter(({ kind }) => kind === 'adjustment');
  const batches = batchesOf(adjusted);
  const [year, day] = [on.slice(0, 4), localDate(on)];
  const list = inForce(adjusted, on).filter(({ item, title }) => `${item} ${title}`.includes(text));
  return {
    on,
    total: batchTotals(batches, localDate('2000-01-01'), day),
    ofYear: { year, ...batchTotals(batches, localDate(`${year}-01-01`), day) },
    items: list.slice(0, SHOWN).map(({ item, title, class: kind, batch, on: from, price }) => ({
      item,
      title,
      class: kind,
      batch,
      from,
      price: yuan(price),
    })),
    itemsTotal: list.length,
    batches: batches.map((batch) => ({
      id: batch.id,
      on: batch.effectiveOn,
      items: batch.changes.length,
      raised: batch.changes.filter(({ oldFen, newFen }) => newFen > oldFen).length,
      lowered: batch.changes.filter(({ oldFen, newFen }) => newFen < oldFen).length,
      warnings: directionWarnings(batch),
      inForce: batch.effectiveOn <= on,
    })),
    deviations: await deviationsOf(deps, all, on),
  };
}

function batchesOf(items: readonly PriceItem[]): PriceBatch[] {
  const byBatch = new Map<string, PriceItem[]>();
  for (const one of items) byBatch.set(one.batch, [...(byBatch.get(one.batch) ?? []), one]);
  return [...byBatch]
    .map(([id, own]) => ({
      id,
      effectiveOn: localDate(own[0]!.on),
      insuranceFrom: localDate(own[0]!.on),
      changes: own.map(({ item, class: kind, oldFen, newFen }) => ({ item, class: kind, oldFen, newFen })),
    }))
    .sort((left, right) => (left.effectiveOn < right.effectiveOn ? 1 : -1));
}

/** Each item at its price on the day: the newest change not after it, else the price before the first one. */
function inForce(items: readonly PriceItem[], on: string): (PriceItem & { readonly price: Fen })[] {
  const byItem = new Map<string, PriceItem[]>();
  for (const one of items) byItem.set(one.item, [...(byItem.get(one.item) ?? []), one]);
  return [...byItem.values()].map((own) => {
    const inOrder = own.sort((left, right) => (left.on < right.on ? -1 : 1));
    const newest = inOrder.filter((one) => one.on <= on).at(-1);
    return newest
      ? { ...newest, price: newest.newFen }
      : { ...inOrder[0]!, on: '', price: inOrder[0]!.oldFen };
  });
}

/** What hospitals charge, by their grade on record: same grade, same price. */
async function deviationsOf(
  { fund }: FundDeps,
  all: readonly PriceItem[],
  on: string,
): Promise<PriceBoard['deviations']> {
  const charged = all.filter(({ kind, on: from }) => kind === 'charged' && from <= on);
  if (charged.length === 0) return [];
  const { rows } = await fund.database.read<{ id: string; grade: string }>(
    fund.shelf.asSystem().settings,
    sql`select r.fhir_id as id, c ->> 'code' as grade
      from resource r cross join lateral jsonb_path_query(r.content::jsonb, '$.type[*].coding[*]') as c
      where r.type = 'Organization' and not r.deleted and c ->> 'system' = ${GRADE}`,
  );
  const grades = new Map(rows.map(({ id, grade }) => [id, grade]));
  const houses = await fund.shelf.houses();
  const newest = new Map<string, PriceItem>();
  for (const one of charged) {
    const key = `${one.org} ${one.item}`;
    const known = newest.get(key);
    if (known === undefined || known.on < one.on) newest.set(key, one);
  }
  const prices = [...newest.values()].flatMap(({ org, item, newFen }): HospitalPrice[] => {
    const grade = grades.get(org);
    return grade === undefined ? [] : [{ hospital: org, grade, item, priceFen: newFen }];
  });
  const titles = new Map(charged.map(({ item, title }) => [item, title]));
  return priceDeviations(prices).map(({ grade, item, prices: own }) => ({
    grade,
    item,
    title: titles.get(item) ?? item,
    prices: own.map(({ hospital, priceFen }) => ({
      house: houseRef(houses, hospital),
      price: yuan(priceFen),
    })),
  }));
}

interface Release extends PriceBatch {
  readonly titles: ReadonlyMap<string, string>;
}

/** `prices.release`: a batch from its day on, once, never backdated, only together with the insurance policy. */
export function releaseCommand(): CommandHandler<Release> {
  return {
    type: 'prices.release',
    parse: readRelease,
    async apply(tx, _command, batch) {
      const { role } = tx.access.actor;
      if (role !== 'script' && !RELEASERS.includes(role)) {
        const detail = { zh: '您的岗位不能做这件事', en: 'your role may not do this' };
        return refuse('role-not-allowed', detail, { at: 'actingAs.role' });
      }
      const released = releaseBatch(batch);
      if (!released.ok) return released;
      if (batch.effectiveOn < addDays(chinaDate(tx.recordedAt), 1)) {
        const detail = { zh: '生效日期须在今天之后', en: 'it has to take effect after today' };
        return refuse('batch-backdated', detail, { at: 'payload.effectiveOn', rule: 'F14' });
      }
      const first = itemId(batch.id, batch.changes[0]!.item);
      if ((await tx.readAsSystem('ChargeItemDefinition', first)) !== null) {
        const detail = { zh: '该批次已发布', en: 'the batch has been released' };
        return refuse('batch-released', detail, { at: 'payload.batch' });
      }
      for (const change of batch.changes) await keep(tx, batch, change);
      return ok({ batch: batch.id, items: batch.changes.length, warnings: directionWarnings(batch) });
    },
  };
}

const itemId = (batch: string, item: string): string =>
  rowKey('ChargeItemDefinition', `price/${batch}/${item}`);

async function keep(tx: RecordTx, { id, effectiveOn, titles }: Release, change: PriceChange): Promise<void> {
  const { item, class: kind, oldFen, newFen } = change;
  const component = (code: string, fen: Fen) => ({
    type: 'base',
    code: { coding: [{ code }] },
    amount: { value: Number(fen) / 100, currency: 'CNY' },
  });
  const resource: Resource = {
    resourceType: 'ChargeItemDefinition',
    id: itemId(id, item),
    url: `urn:yimai:price:${id}:${item}`,
    title: titles.get(item) ?? item,
    status: 'active',
    partOf: [`urn:yimai:price-batch:${id}`],
    code: { coding: [{ code: item }, { system: KIND, code: 'adjustment' }, { system: CLASS, code: kind }] },
    effectivePeriod: { start: effectiveOn },
    propertyGroup: [{ priceComponent: [component('old-price', oldFen), component('new-price', newFen)] }],
  };
  await tx.update(resource, {
    engine: ENGINE,
    labels: { kind: 'definition', org: null, patient: null, locks: [] },
  });
}

const wrong = (at: string, zh: string, en: string): Result<never> =>
  refuse('payload-invalid', { zh, en }, { at: `payload.${at}` });

function readRelease(value: unknown): Result<Release> {
  const { batch, effectiveOn, insuranceFrom = null, changes } = (value ?? {}) as Record<string, unknown>;
  if (typeof batch !== 'string' || !/^[A-Za-z0-9][A-Za-z0-9.-]{0,40}$/.test(batch))
    return wrong('batch', '批次编号不对', 'expected the id of a batch');
  if (!isLocalDate(effectiveOn)) return wrong('effectiveOn', '应为日期', 'expected a date');
  if (insuranceFrom !== null && !isLocalDate(insuranceFrom))
    return wrong('insuranceFrom', '应为日期', 'expected a date');
  if (!Array.isArray(changes) || changes.length === 0 || changes.length > 2000)
    return wrong('changes', '没有调价项目', 'there is no item');
  const titles = new Map<string, string>();
  const read: PriceChange[] = [];
  for (const [index, one] of changes.entries()) {
    const { item, title, class: kind, old, new: fresh } = (one ?? {}) as Record<string, unknown>;
    const [before, after] = [old, fresh].map((text) => (typeof text === 'string' ? parseYuan(text) : null));
    const found = ITEM_CLASSES.find((each) => each === kind);
    if (typeof item !== 'string' || item === '' || titles.has(item) || found === undefined)
      return wrong(
        `changes[${index}]`,
        '项目编码或类别不对，或重复',
        'item or class is wrong, or it is there twice',
      );
    if (!before?.ok || !after?.ok || before.value < 0n || after.value < 0n)
      return wrong(`changes[${index}]`, '价格不对', 'a price is wrong');
    titles.set(item, typeof title === 'string' ? title : item);
    read.push({ item, class: found, oldFen: before.value, newFen: after.value });
  }
  return ok({ id: batch, effectiveOn, insuranceFrom, changes: read, titles });
}
