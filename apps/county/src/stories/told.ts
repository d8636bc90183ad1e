// Which declarations the county does not walk from their declaration alone.
/** Loops and registers with a story of their own, or filled by the acts of a loop. */
export const TOLD = new Set([
  'order-dispatch',
  'inspection-event',
  'grading',
  'two-way-referral',
  'screening-path',
  'annual-target',
  'talent-pool',
  'check-log',
  'object-grades',
  'supervised-objects',
  'pilot-villages',
  'screening-diseases',
  'pharma-tasks',
  'visiting-experts',
  'visiting-month',
  'visiting-day',
  'visiting-booking',
  'visiting-days',
  'visiting-roster',
  'enforcement-case',
  'good-practice',
  'practice-adoption',
  'special-action',
  'special-check',
  'new-technique',
  'techniques',
  'accreditation',
  'accreditation-clause',
  'accreditation-clauses',
  'accreditation-standards',
]);
/** Opened by what a measure, an alert or another loop finds. */
export const NOT_OPENED_BY_HAND = new Set([
  'figure-alert',
  'low-score',
  'dispatch-evaluation',
  'dispatch-incentive',
]);

/** Loops that wait for others before they end: told of the last days only, so that nothing lies about late for months. */
export const OF_LATE = new Set([
  'reform-bulletin',
  'level-event',
  'care-walk',
  'ten-link-year',
  'emergency-drill',
  'problem-package',
  'public-complaint',
  'impact-assessment',
  'exam-to-appointment',
  'four-actions-finding',
  'experience-finding',
  'coordination-session',
]);
