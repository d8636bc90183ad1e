// Writes the short entries of case files out as FHIR resources, as SPEC.md lays them down. All persons are synthetic.

export type Entry = Readonly<Record<string, unknown>> & { readonly make: string };
export type Resource = Readonly<Record<string, unknown>> & {
  readonly resourceType: string;
  readonly id: string;
};

const BASE = 'https://yimai.example/fhir';
const coding = (system: string, code: unknown): object => ({
  coding: [{ system: `${BASE}/CodeSystem/${system}`, code }],
});
const extension = (name: string, value: object): object => ({
  url: `${BASE}/StructureDefinition/${name}`,
  ...value,
});
const organisation = (id: unknown): object => ({ reference: `Organization/${id}` });
const patient = (id: unknown): object => ({ reference: `Patient/${id}` });

type Fields = Readonly<Record<string, unknown>>;
type Maker = (fields: Fields) => Fields;

// A field that is null is left out: that is how a case says "not recorded".
const given = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null));
const when = <T>(value: T, body: (value: NonNullable<T>) => unknown): unknown =>
  value === undefined || value === null ? undefined : body(value as NonNullable<T>);

const MAKERS: Readonly<Record<string, readonly [type: string, maker: Maker]>> = {
  org: [
    'Organization',
    (f) => ({
      active: f['active'] ?? true,
      name: f['name'],
      type: [
        coding('organisation-level', f['level']),
        ...(f['class'] ? [coding('institution-class', f['class'])] : []),
        ...(f['grade'] ? [coding('hospital-grade', f['grade'])] : []),
        ...(f['role'] ? [coding('consortium-role', f['role'])] : []),
      ],
      partOf: when(f['parent'], organisation),
    }),
  ],
  encounter: [
    'Encounter',
    (f) => ({
      status: f['status'] ?? 'finished',
      identifier: when(f['number'], (value) => [{ value }]),
      class: { code: f['class'] ?? 'AMB' },
      type: when(f['kind'], (kind) => [coding('visit-kind', kind)]),
      priority: when(f['priority'], (code) => coding('visit-priority', code)),
      subject: when(f['patient'], patient),
      serviceProvider: when(f['org'], organisation),
      hospitalization: when(f['disposition'], (code) => ({
        dischargeDisposition: coding('discharge-way', code),
      })),
      period: when(f['on'], (on) => ({ start: on, end: f['until'] ?? on })),
    }),
  ],
  settlement: [
    'ExplanationOfBenefit',
    (f) => ({
      status: f['status'] ?? 'active',
      outcome: 'complete',
      use: 'claim',
      identifier: when(f['number'], (value) => [{ value }]),
      type: coding('care-setting', f['setting'] ?? 'inpatient'),
      patient: when(f['patient'], patient),
      insurer: when(f['insurer'], organisation),
      provider: when(f['org'], organisation),
      billablePeriod: when(f['on'], (on) => ({ start: on, end: on })),
      diagnosis: [
        given({
          sequence: 1,
          diagnosisCodeableConcept: when(f['disease'], (code) => ({ coding: [{ code }] })),
          packageCode: when(f['drg'], (code) => ({ coding: [{ code }] })),
        }),
      ],
      total: [amount('submitted', f['total']), amount('benefit', f['fund'])].flat(),
      supportingInfo: supportingInfo(f),
    }),
  ],
  task: [
    'Task',
    (f) => ({
      status: f['status'] ?? 'completed',
      intent: 'order',
      identifier: when(f['number'], (value) => [{ value }]),
      code: coding('loop-kind', f['kind']),
      businessStatus: when(f['outcome'], (code) => coding('loop-outcome', code)),
      for: when(f['patient'], patient),
      focus: when(f['subject'], organisation),
      requester: when(f['requester'], organisation),
      owner: when(f['org'], organisation),
      authoredOn: f['opened'] ?? f['on'],
      executionPeriod: when(f['on'], (end) => ({ end })),
      restriction: when(f['practitioner'], (id) => ({
        recipient: [{ type: 'Practitioner', reference: `Practitioner/${id}` }],
      })),
      output: [
        output(
          'quantity',
          when(f['quantity'], (value) => ({ valueQuantity: { value } })),
        ),
        output(
          'money',
          when(f['money'], (value) => ({ valueMoney: { value, currency: 'CNY' } })),
        ),
      ].flat(),
    }),
  ],
  line: [
    'MeasureReport',
    (f) => ({
      status: f['status'] ?? 'complete',
      type: 'summary',
      measure: `${BASE}/Measure/reported-lines`,
      date: f['reported'] ?? f['on'],
      reporter: when(f['org'], organisation),
      period: { start: f['on'], end: f['until'] ?? f['on'] },
      group: [
        given({
          code: coding('report-line', f['line']),
          measureScore: when(f['value'], (value) => ({ value })),
        }),
      ],
    }),
  ],
  post: [
    'PractitionerRole',
    (f) => ({
      active: f['active'] ?? true,
      practitioner: when(f['practitioner'], (id) => ({ reference: `Practitioner/${id}` })),
      organization: when(f['org'], organisation),
      code: [coding('post-kind', f['kind'])],
      specialty: [
        ...(f['title'] ? [coding('title-class', f['title'])] : []),
        ...(f['specialty'] ? [coding('clinical-service', f['specialty'])] : []),
      ],
      extension: [
        when(f['home'], (id) => extension('home-organisation', { valueReference: organisation(id) })),
        when(f['batch'], (batch) => extension('batch', { valueString: batch })),
      ].filter((each) => each !== undefined),
      period: span(f),
    }),
  ],
  feature: [
    'OrganizationAffiliation',
    (f) => ({
      active: f['active'] ?? true,
      participatingOrganization: when(f['org'], organisation),
      code: [coding('site-feature', f['feature'])],
      period: span(f),
    }),
  ],
  registered: [
    'Basic',
    (f) => ({
      code: coding('register', f['kind']),
      identifier: when(f['number'], (value) => [{ value }]),
      subject: when(f['patient'], patient),
      author: when(f['org'], organisation),
      created: f['from'] ?? f['on'],
      extension: [
        extension('status', { valueCode: f['status'] ?? 'active' }),
        when(f['class'], (valueCode) => extension('class', { valueCode })),
        when(f['to'], (valueDate) => extension('valid-until', { valueDate })),
        when(f['quantity'], (valueDecimal) => extension('quantity', { valueDecimal })),
        when(f['money'], (valueDecimal) => extension('money-yuan', { valueDecimal })),
      ].filter((each) => each !== undefined),
    }),
  ],
  resident: [
    'Patient',
    (f) => ({
      active: f['active'] ?? true,
      gender: 'female',
      birthDate: f['birth'],
      managingOrganization: when(f['org'], organisation),
      deceasedDateTime: f['died'],
    }),
  ],
  member: [
    'EpisodeOfCare',
    (f) => ({
      status: f['status'] ?? 'active',
      type: [coding('programme', f['programme'])],
      patient: when(f['patient'], patient),
      managingOrganization: when(f['org'], organisation),
      diagnosis: when(f['risk'], (code) => [
        { condition: { display: '-' }, role: coding('risk-tier', code) },
      ]),
      period: span(f),
    }),
  ],
  agreement: [
    'Contract',
    (f) => ({
      status: f['status'] ?? 'executed',
      type: coding('agreement-kind', f['kind']),
      subject: when(f['patient'], (id) => [patient(id)]),
      authority: when(f['org'], (id) => [organisation(id)]),
      applies: span(f),
      extension: when(f['goal'], (valueBoolean) => [extension('goal-met', { valueBoolean })]),
    }),
  ],
  answer: [
    'QuestionnaireResponse',
    (f) => ({
      status: f['status'] ?? 'completed',
      questionnaire: `${BASE}/Questionnaire/${f['survey']}`,
      authored: f['on'],
      source: when(f['patient'], patient),
      extension: when(f['org'], (id) => [
        extension('about-organisation', { valueReference: organisation(id) }),
      ]),
      item: [given({ linkId: 'score', answer: when(f['score'], (valueDecimal) => [{ valueDecimal }]) })],
    }),
  ],
  report: [
    'DiagnosticReport',
    (f) => ({
      status: f['status'] ?? 'final',
      category: [coding('report-kind', f['kind'])],
      code: { text: '-' },
      subject: when(f['patient'], patient),
      performer: when(f['org'], (id) => [organisation(id)]),
      effectiveDateTime: f['received'],
      issued: f['on'],
    }),
  ],
  death: [
    'Observation',
    (f) => ({
      status: f['status'] ?? 'final',
      code: { coding: [{ system: 'http://loinc.org', code: '69453-9' }] },
      subject: when(f['patient'], patient),
      performer: when(f['org'], (id) => [organisation(id)]),
      effectiveDateTime: f['on'],
      valueCodeableConcept: when(f['cause'], (code) => ({ coding: [{ code }] })),
      component: when(f['age'], (value) => [
        { code: { coding: [{ code: 'age' }] }, valueQuantity: { value } },
      ]),
    }),
  ],
  price: [
    'ChargeItemDefinition',
    (f) => ({
      url: `urn:price:${f['number']}`,
      status: f['status'] ?? 'active',
      partOf: when(f['batch'], (batch) => [`urn:batch:${batch}`]),
      code: { coding: [{ code: f['item'] }, { system: `${BASE}/CodeSystem/price-kind`, code: f['kind'] }] },
      extension: when(f['org'], (id) => [
        extension('about-organisation', { valueReference: organisation(id) }),
      ]),
      effectivePeriod: when(f['on'], (start) => ({ start })),
      propertyGroup: [
        {
          priceComponent: [
            priceComponent('old-price', f['old'], null),
            priceComponent('new-price', f['new'], f['quantity']),
          ].flat(),
        },
      ],
    }),
  ],
};

export function toResource(entry: Entry, id: string): Resource {
  const found = MAKERS[entry.make];
  if (!found) throw new Error(`the case file makes "${entry.make}", which nobody knows how to write`);
  const [resourceType, maker] = found;
  return { resourceType, id, ...given(maker(entry)) };
}

function span(f: Fields): object {
  return given({ start: f['from'] ?? f['on'], end: f['to'] });
}

function amount(category: string, value: unknown): object[] {
  if (value === undefined || value === null) return [];
  return [{ category: { coding: [{ code: category }] }, amount: { value, currency: 'CNY' } }];
}

function output(type: string, value: unknown): object[] {
  return value === undefined ? [] : [{ type: { coding: [{ code: type }] }, ...(value as object) }];
}

function priceComponent(code: string, value: unknown, factor: unknown): object[] {
  if (value === undefined || value === null) return [];
  return [
    given({
      type: 'base',
      code: { coding: [{ code }] },
      factor,
      amount: { value, currency: 'CNY' },
    }) as object,
  ];
}

const INFO: Readonly<Record<string, (value: unknown) => object>> = {
  weight: (value) => ({ category: 'relative-weight', valueQuantity: { value } }),
  days: (value) => ({ category: 'stay-days', valueQuantity: { value } }),
  surgery: (value) => ({ category: 'surgery-level', valueQuantity: { value } }),
  minimal: (value) => ({ category: 'minimally-invasive', valueBoolean: value }),
  complication: (value) => ({ category: 'operation-complication', valueBoolean: value }),
  incision: (code) => ({ category: 'incision-class', code: { coding: [{ code }] } }),
  infected: (value) => ({ category: 'incision-infected', valueBoolean: value }),
  risk: (code) => ({ category: 'risk-class', code: { coding: [{ code }] } }),
  disposition: (code) => ({ category: 'discharge-way', code: { coding: [{ code }] } }),
};

function supportingInfo(f: Fields): object[] {
  const infos = Object.entries(INFO).flatMap(([name, maker]) => {
    const value = f[name];
    return value === undefined || value === null ? [] : [maker(value)];
  });
  return infos.map((info, index) => ({
    sequence: index + 1,
    ...info,
    category: { coding: [{ code: (info as { category: string }).category }] },
  }));
}
