// Operations on the desk: case-mix index and cost per output by hospital, department and doctor; procurement by batch with its
// cuts, completion and savings.
import type { OperationsBoard, ProcurementBoard } from '@yimai/desk/contract';
import {
  completion,
  figuresBy,
  formatE4,
  type OperationsCase,
  priceCut,
  type SelectedItem,
  savingsFen,
} from '@yimai/fund';
import { chinaDate, type Fen, formatYuan } from '@yimai/kit';
import { sql } from '@yimai/postgres';
import type { FastifyInstance } from 'fastify';
import { type Reader, readerOf } from '../desk/desk-deps.ts';
import { bodyOf, notPermitted, textOf } from '../desk/read-body.ts';
import { namesOf } from '../desk/resources.ts';
import { type FundDeps, houseRef, maySeeHouse, mustSeeFund, seesAll } from './fund-deps.ts';
import { careTeams } from './pay-work.ts';
import { yearOfFund, yearsOf } from './priced-year.ts';
import { itemsOf } from './prices.ts';

export function register(app: FastifyInstance, deps: FundDeps): void {
  app.post('/desk/pay/operations', async (request): Promise<OperationsBoard> => {
    const reader = await readerOf(deps, request);
    mustSeeFund(reader);
    const body = bodyOf(request.body);
    const years = await yearsOf(deps);
    const period = textOf(body, 'period', 7) ?? (await newestYear(deps, years));
    return operationsOf(deps, reader, { period, house: textOf(body, 'house', 64), years });
  });
  app.post('/desk/pay/procurement', async (request): Promise<ProcurementBoard> => {
    const reader = await readerOf(deps, request);
    if (
      !seesAll(reader) &&
      reader.actor.role !== 'finance-clerk' &&
      reader.actor.role !== 'township-director'
    )
      throw notPermitted();
    return procurementOf(deps, chinaDate(reader.now));
  });
}

/** The newest year in which somebody was treated; in January that may be the year before. */
async function newestYear(deps: FundDeps, years: readonly string[]): Promise<string> {
  for (const year of years) if ((await yearOfFund(deps, year)).cases.length > 0) return year;
  return years[0]!;
}

interface Asked {
  readonly period: string;
  readonly house: string | undefined;
  readonly years: readonly string[];
}

async function operationsOf(
  deps: FundDeps,
  reader: Reader,
  { period, house, years }: Asked,
): Promise<OperationsBoard> {
  const { fund } = deps;
  const [ofYear, houses] = await Promise.all([yearOfFund(deps, period.slice(0, 4)), fund.shelf.houses()]);
  const cases = ofYear.cases.filter(
    ({ list, isOutside }) =>
      !isOutside && list.dischargedOn.startsWith(period) && maySeeHouse(reader, list.org),
  );
  const chosen = house === undefined ? cases : cases.filter(({ list }) => list.org === house);
  const teams = await careTeams(
    fund.database,
    fund,
    house === undefined ? [] : chosen.map(({ list }) => list.stay.id),
  );
  const doctorOf = (id: string) => teams.get(id)?.find(({ role }) => role === 'responsible')?.person ?? '';
  const stays = chosen.map(
    ({ list, weight }): OperationsCase => ({
      hospital: list.org,
      department: list.stay.dept,
      doctor: doctorOf(list.stay.id),
      weight,
      costFen: list.costFen,
    }),
  );
  const doctors = figuresBy(stays, ({ doctor }) => doctor);
  const names = await namesOf(
    deps,
    reader,
    doctors.map(({ name }) => name),
  );
  const say = (figure: ReturnType<typeof figuresBy>[number], name: string, id: string) => ({
    id,
    name,
    stays: figure.stays,
    weights: formatE4(figure.weightSum),
    caseMix: formatE4(figure.caseMixIndex),
    costPerWeight: formatYuan(figure.costPerWeightFen),
  });
  const [whole] = figuresBy(stays, () => 'all');
  return {
    years,
    period,
    months: ofYear.months.map(({ month }) => month),
    house: house === undefined ? null : houseRef(houses, house),
    whole: whole ? say(whole, '', '') : null,
    ungrouped: stays.filter(({ weight }) => weight === 0n).length,
    hospitals: figuresBy(stays, ({ hospital }) => hospital).map((one) =>
      say(one, houses.get(one.name)?.name ?? one.name, one.name),
    ),
    departments:
      house === undefined
        ? []
        : figuresBy(stays, ({ department }) => department).map((one) =>
            say(one, houses.get(`${house}-${one.name}`)?.name ?? (one.name || '—'), one.name),
          ),
    doctors:
      house === undefined
        ? []
        : doctors.map((one) => say(one, names.get(one.name) ?? (one.name || '—'), one.name)),
  };
}

interface VolumeRow {
  readonly item: string;
  readonly house: string;
  readonly agreed: number;
  readonly used: number;
}

/** Selected items with both prices from the price list; agreed and used volumes by institution from the programme's register. */
async function procurementOf(deps: FundDeps, today: string): Promise<ProcurementBoard> {
  const { fund } = deps;
  const [all, volumes, houses] = await Promise.all([
    itemsOf(deps),
    fund.database.run<VolumeRow>(sql`
      select data ->> 'item' as item, data ->> 'institution' as house, (data ->> 'agreed')::int as agreed,
        (data ->> 'used')::int as used
      from register_entry where register = 'procurement-volumes' and to_date is null order by key`),
    fund.shelf.houses(),
  ]);
  const items = all.filter(({ kind }) => kind.startsWith('volume-based'));
  const usedOf = (item: string) =>
    sumOf(volumes.rows.filter((one) => one.item === item).map(({ used }) => used));
  const selected = items.map((row) => ({
    ...row,
    volume: BigInt(sumOf(volumes.rows.filter((one) => one.item === row.item).map(({ agreed }) => agreed))),
  }));
  const batches = [...new Set(selected.map(({ batch }) => batch))].map((batch) => {
    const own = selected.filter((one) => one.batch === batch);
    return { batch, items: own.length, ...cutOf(own), saving: formatYuan(savedOf(own, usedOf)) };
  });
  const orgs = [...new Set(volumes.rows.map(({ house }) => house))];
  const months = BigInt(Number(today.slice(5, 7)));
  return {
    batches,
    institutions: completion(
      orgs.map((institution) => {
        const own = volumes.rows.filter(({ house }) => house === institution);
        return {
          institution,
          agreed: BigInt(sumOf(own.map(({ agreed }) => agreed))),
          used: BigInt(sumOf(own.map(({ used }) => used))),
        };
      }),
      months,
    ).map(({ institution, rate, warns }) => ({
      house: houseRef(houses, institution.split('/').at(-1)!),
      rate: percent(rate),
      warns,
    })),
    expected: percent((months * 10_000n) / 12n),
    items: [...selected]
      .sort((left, right) => usedOf(right.item) - usedOf(left.item))
      .map(({ item, title, batch, oldFen, newFen }) => ({
        item,
        title,
        batch,
        old: formatYuan(oldFen),
        new: formatYuan(newFen),
        cut: percent(oldFen === 0n ? 0n : ((oldFen - newFen) * 10_000n) / oldFen),
        used: usedOf(item),
        saving: formatYuan((oldFen - newFen) * BigInt(usedOf(item))),
      })),
  };
}

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0);
const percent = (share: bigint): string => `${(Number(share) / 100).toFixed(2)}%`;

function cutOf(items: readonly SelectedItem[]) {
  const { simpleMean, volumeWeighted, highest } = priceCut(items);
  return { simple: percent(simpleMean), weighted: percent(volumeWeighted), highest: percent(highest) };
}

function savedOf(items: readonly SelectedItem[], usedOf: (item: string) => number): Fen {
  return items.reduce((sum, one) => sum + savingsFen(one, BigInt(usedOf(one.item))), 0n);
}
