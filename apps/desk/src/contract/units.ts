// Units as people write them; a form keeps them as the Unified Code for Units of Measure (UCUM) does.

const WRITTEN: Readonly<Record<string, string>> = {
  'mm[Hg]': 'mmHg',
  'cm[H2O]': 'cmH₂O',
  'kg/m2': 'kg/m²',
  m2: 'm²',
  m3: 'm³',
  Cel: '℃',
  'umol/L': 'μmol/L',
  ug: 'μg',
  '10*9/L': '10⁹/L',
  '10*12/L': '10¹²/L',
};

export const unitWord = (unit: string): string => WRITTEN[unit] ?? unit;
