// Plays the year: week by week the people of the county act by commands, then the interfaces of the houses deliver the
// care of that week. The simulated clock moves with it, so that the record knows each thing from about when it happened.
import type { Resource } from '@yimai/fhir';
import { addMonths, chinaInstant, type LocalDate } from '@yimai/kit';
import { sql } from '@yimai/postgres';
import { Books, yearReports } from './books.ts';
import { bring, bringMany } from './bring.ts';
import { countyInputs, countyRegisters, earlierInputs } from './county-inputs.ts';
import { earlierLists } from './fund-years.ts';
import { houseFacts, remoteReports } from './house-facts.ts';
import type { LoadProgress, PlayedCounty } from './load.ts';
import { peopleResources } from './people.ts';
import { type Resident, residents } from './residents.ts';
import { runningStays } from './running-stays.ts';
import { sharedServices } from './shared-services.ts';
import { addDispatches } from './stories/dispatches.ts';
import { Discharges } from './stories/fund-reviews.ts';
import { addFundYear } from './stories/fund-year.ts';
import { addInspections, OBJECTS } from './stories/inspections.ts';
import { addLateProgrammes } from './stories/late-programmes.ts';
import { addOffices } from './stories/offices.ts';
import { addReferrals } from './stories/referrals.ts';
import { addScreenings } from './stories/screenings.ts';
import { openStage, type Refused, Script } from './stories/stage.ts';
import { addTargets } from './stories/targets.ts';
import { addTasks } from './stories/tasks.ts';
import { addVisiting } from './stories/visiting.ts';
import { opening, WEEKS, weekAt, weekOf, type Year, yearBefore } from './week.ts';

export interface YearOptions {
  readonly residents: number;
  /** The day that the year ends with. */
  readonly until: LocalDate;
  readonly seed?: number;
  /** Inspected objects; all 2,604 unless a test wants fewer. */
  readonly objects?: number;
  readonly progress?: LoadProgress;
  /** Asked often: true ends the play early; it can be taken up again. */
  readonly stopped?: () => boolean;
  /** Told at each week how many weeks before it are surely kept; handed back as `delivered` by who takes the play up again. */
  readonly kept?: (weeks: number) => void;
  /** Weeks whose deliveries need not be sent again. Commands always are: the record answers what it has applied. */
  readonly delivered?: number;
}

const SEED = 20_260_101;
/** The work of opening the files, in weeks of the year, for the progress bar. */
const OPENING = 8;

export async function playYear(county: PlayedCounty, options: YearOptions): Promise<readonly Refused[]> {
  const seed = options.seed ?? SEED;
  const people = [...residents(options.residents, options.until, seed)];
  const books = new Books();
  const discharges = new Discharges();
  const year: Year = {
    begins: yearBefore(options.until),
    seed,
    dead: new Set(),
    onVisit: (visit) => books.visit(visit),
    onStay(stay, id) {
      books.stay(stay);
      discharges.add(stay, id);
    },
  };
  const progress = options.progress ?? (() => {});
  const stopped = options.stopped ?? (() => false);
  moveTo(county, chinaInstant(year.begins));
  await bring(county.record, [
    ...peopleResources(year.begins),
    ...houseFacts(year.begins),
    ...yearReports(Number(year.begins.slice(0, 4)), people),
    ...earlierInputs(year.begins, people.length),
    ...countyRegisters(year.begins, people.length),
  ]);
  const delivered = options.delivered ?? 0;
  if (delivered === 0) {
    await bringMany(
      county.record,
      eachOf(people, (one) => opening(one, year)),
      stopped,
      (index) => progress((OPENING * index) / people.length, OPENING + WEEKS),
    );
    const before = earlierLists(people, { begins: year.begins, until: options.until, seed });
    if (county.record.commands.handlers.has('settlement.run'))
      await bringMany(county.record, before, stopped);
  }
  const stage = await openStage(county, { begins: year.begins, until: options.until });
  const script = new Script();
  addInspections(stage, script, Math.min(OBJECTS, options.objects ?? OBJECTS));
  addDispatches(stage, script);
  addTasks(stage, script);
  addTargets(stage, script);
  addReferrals(stage, script, people);
  addScreenings(stage, script, people);
  addFundYear(stage, script, { people, discharges, commands: county.record.commands.handlers });
  addVisiting(stage, script, people);
  addOffices(stage, script);
  addLateProgrammes(stage, script, people, county.programmes);
  // At a new hour of an act, what became due before it fires first.
  const actAt = async (instant: Date) => {
    moveTo(county, instant);
    stage.setTime(instant);
    if (await isAnythingDue(county, instant)) await county.fireDue();
  };
  for (let week = 0; week < WEEKS && !stopped(); week += 1) {
    progress(OPENING + week, OPENING + WEEKS);
    // One week is kept back: the last commits of a machine that loses its power may be lost with it.
    options.kept?.(Math.max(0, week - 1));
    const days = weekAt(year, week);
    const { monday } = days;
    const sunday = chinaInstant(days.next);
    await script.playUntil(sunday, actAt, stopped);
    if (stopped()) break;
    await actAt(sunday);
    const lived = eachOf(people, (one) => weekOf(one, days, year));
    if (week < delivered) {
      // Lived again without being sent: books, deaths and discharges go on from it.
      for (const _ of lived);
      monthEnd(books, monday, people, year);
      continue;
    }
    await bringMany(county.record, lived, stopped);
    await bring(county.record, [
      ...remoteReports(week, monday, people.length),
      ...sharedServices({ week, monday, people, dead: year.dead }),
      ...monthEnd(books, monday, people, year),
    ]);
  }
  if (!stopped()) {
    await bring(county.record, runningStays(people, options.until));
    progress(OPENING + WEEKS, OPENING + WEEKS);
  }
  return stage.refused;
}

/** One question instead of the lanes of the runner, which find nothing before most acts. */
async function isAnythingDue({ database }: PlayedCounty, instant: Date): Promise<boolean> {
  const { rows } = await database.run(
    sql`select 1 from due_time where at <= ${instant}::timestamptz limit 1`,
  );
  return rows.length > 0;
}

/** The week after the first in which a month is over, its books are reported; in January also what stands for the year. */
function monthEnd(
  books: Books,
  monday: LocalDate,
  people: readonly Resident[],
  { begins }: Year,
): Resource[] {
  const month = addMonths(monday, -1).slice(0, 7);
  const isYearNew = monday.slice(5, 7) === '01' && monday.slice(8) <= '07';
  if (Number(monday.slice(8)) < 8 || Number(monday.slice(8)) > 14)
    return isYearNew
      ? [
          ...yearReports(Number(monday.slice(0, 4)), people),
          countyInputs(Number(monday.slice(0, 4)), begins, people.length),
        ]
      : [];
  return books.reports(month);
}

function* eachOf(
  people: readonly Resident[],
  of: (one: Resident) => Iterable<Resource>,
): Generator<readonly [number, Resource]> {
  for (const one of people) for (const resource of of(one)) yield [one.index, resource];
}

/** The clock only goes forward: what was played before stays as it was. */
function moveTo({ clock }: PlayedCounty, instant: Date): void {
  if (instant > clock.now()) clock.advanceTo(instant);
}
