// Reads the part of a rule set that a county consortium under a global budget needs.
import { ONE } from './decimal.ts';
import { type FieldReader, wrong } from './field-reader.ts';
import { type ChronicPackage, type Consortium, type Distribution, PARTIES, PAYERS } from './rule-set.ts';

export function readConsortium(table: FieldReader): Consortium {
  return {
    capitation: table.list('capitation', (row) => ({
      ...row.row(),
      payer: row.oneOf('payer', PAYERS),
      perHeadFen: row.yuan('perHead'),
    })),
    reserve: table.table('reserve', (row) => ({ ...row.row(), share: row.share('share') })),
    overrunShare: table.table('overrunShare', (row) => ({ ...row.row(), share: row.share('share') })),
    staffPool: table.table('staffPool', (row) => ({ ...row.row(), share: row.share('share') })),
    distribution: table.table('distribution', readDistribution),
    prepaidFund: table.table('prepaidFund', (row) => ({ ...row.row(), openingFen: row.yuan('opening') })),
    red: table.list('red', (row) => ({
      ...row.row(),
      disease: row.text('disease'),
      amountFen: row.yuan('amount'),
      evidence: row.texts('evidence'),
    })),
    mes: table.list('mes', (row) => ({
      ...row.row(),
      disease: row.text('disease'),
      milestone: row.text('milestone'),
      amountFen: row.yuan('amount'),
    })),
    packages: table.list('packages', readPackage),
  };
}

function readDistribution(row: FieldReader): Distribution {
  const shares = row.table('shares', (inner) => ({
    county: inner.decimal('county'),
    township: inner.decimal('township'),
    village: inner.decimal('village'),
  }));
  if (PARTIES.every((party) => shares[party] === 0n))
    wrong(`${row.at}.shares`, '不能全为零', 'cannot all be zero');
  return { ...row.row(), shares };
}

/** One or two major complications, as the catalogue says (选取该病种一到两种重大并发症). */
function readPackage(row: FieldReader): ChronicPackage {
  const complications = row.texts('complications');
  if (complications.length < 1 || complications.length > 2) {
    wrong(`${row.at}.complications`, '应为一至两种并发症', 'expected one or two complications');
  }
  const sources = row.table('sources', (inner) =>
    Object.fromEntries(inner.keys().map((source) => [source, inner.share(source)])),
  );
  if (Object.values(sources).reduce((sum, share) => sum + share, 0n) !== ONE) {
    wrong(`${row.at}.sources`, '各来源份额之和应为 1', 'the shares of the sources must sum to 1');
  }
  const surplus = row.has('surplus')
    ? row.table('surplus', (inner) => ({ ...inner.row(), share: inner.share('share') }))
    : null;
  const priceFen = row.yuan('price');
  return { ...row.row(), disease: row.text('disease'), complications, priceFen, surplus, sources };
}
