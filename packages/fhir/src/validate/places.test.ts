// What stands where it may not: extensions, canonicals, contained resources of another type, conditions without a question.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Resource } from '../types.ts';
import { validate } from './validate.ts';

const found = (resource: object): string[] =>
  validate(resource as Resource)
    .filter((issue) => issue.severity === 'error')
    .map((issue) => `${issue.code} ${issue.at} ${issue.rule}`);
const patient = (more: object) => found({ resourceType: 'Patient', active: true, ...more });
const HL7 = 'http://hl7.org/fhir/StructureDefinition';
const birthPlace = { url: `${HL7}/patient-birthPlace`, valueAddress: { text: '测' } };
const nationality = (...extension: object[]) => ({ url: `${HL7}/patient-nationality`, extension });

test('[fhir F12] an extension of HL7 stands only where it is defined for', () => {
  assert.deepEqual(patient({ extension: [birthPlace] }), []);
  assert.deepEqual(patient({ name: [{ text: '测', extension: [birthPlace] }] }), [
    'structure Patient.name[0].extension[0] F12',
  ]);
  const mother = { url: `${HL7}/humanname-mothers-family`, valueString: '测' };
  assert.deepEqual(patient({ name: [{ family: '测', _family: { extension: [mother] } }] }), []);
  assert.deepEqual(patient({ name: [{ text: '测', extension: [mother] }] }), [
    'structure Patient.name[0].extension[0] F12',
  ]);
  const absent = { url: `${HL7}/data-absent-reason`, valueCode: 'unknown' };
  assert.deepEqual(patient({ extension: [absent], _birthDate: { extension: [absent] } }), []);
  assert.deepEqual(patient({ modifierExtension: [birthPlace] }), [
    'structure Patient.modifierExtension[0] F12',
  ]);
});

test('[fhir F12] an extension of HL7 holds what it is defined with', () => {
  const code = { url: 'code', valueCodeableConcept: { text: '测' } };
  const at = 'Patient.extension[0]';
  assert.deepEqual(patient({ extension: [nationality(code)] }), []);
  assert.deepEqual(patient({ extension: [nationality({ url: 'code', valueString: '测' })] }), [
    `structure ${at}.extension[0] F12`,
  ]);
  assert.deepEqual(patient({ extension: [nationality({ url: 'other', valueString: '测' })] }), [
    `structure ${at}.extension[0] F12`,
  ]);
  assert.deepEqual(patient({ extension: [nationality(code, code)] }), [`structure ${at} F12`]);
  assert.deepEqual(patient({ extension: [{ url: `${HL7}/patient-nationality`, valueString: '测' }] }), [
    `structure ${at} F12`,
  ]);
  assert.deepEqual(patient({ extension: [{ url: 'mine', valueString: '测' }] }), [`value ${at}.url F12`]);
  assert.deepEqual(
    patient({ extension: [{ url: 'https://a.example/x', extension: [{ url: 'part', valueString: '测' }] }] }),
    [],
  );
});

test('[fhir F10] a canonical is absolute, resolves when contained, and leads to the type it is for', () => {
  const answers = (questionnaire: string, more: object = {}) =>
    found({ resourceType: 'QuestionnaireResponse', status: 'completed', questionnaire, ...more });
  const place = 'QuestionnaireResponse.questionnaire F10';
  assert.deepEqual(answers('https://a.example/Questionnaire/q|2'), []);
  assert.deepEqual(answers('Questionnaire/q'), []);
  assert.deepEqual(answers('mine'), [`value ${place}`]);
  assert.deepEqual(answers('#q'), [`value ${place}`]);
  const contained = [{ resourceType: 'Questionnaire', id: 'q', status: 'draft' }];
  assert.deepEqual(answers('#q', { contained }), []);
  assert.deepEqual(answers('#q', { contained: [{ resourceType: 'Patient', id: 'q', active: true }] }), [
    `structure ${place}`,
  ]);
  assert.deepEqual(answers('http://hl7.org/fhir/ValueSet/languages'), [`structure ${place}`]);
});

test('[fhir F10] a reference to a contained resource leads to a type that is allowed there', () => {
  const contained = [{ resourceType: 'Patient', id: 'p', active: true }];
  assert.deepEqual(patient({ contained, managingOrganization: { reference: '#p' } }), [
    'structure Patient.managingOrganization F10',
  ]);
});

test('[fhir F8] ids of elements, languages, MIME types and currencies have their form', () => {
  assert.deepEqual(patient({ name: [{ id: 'a b', text: '测' }] }), ['value Patient.name[0].id F8']);
  assert.deepEqual(patient({ name: [{ id: 'a_b', text: '测' }] }), []);
  assert.deepEqual(patient({ language: 'zh CN' }), ['value Patient.language F8']);
  assert.deepEqual(patient({ language: 'zh-CN' }), []);
  assert.deepEqual(patient({ photo: [{ contentType: 'picture', url: 'https://a.example/1' }] }), [
    'value Patient.photo[0].contentType F12',
  ]);
  const invoice = (currency: string) =>
    found({ resourceType: 'Invoice', status: 'issued', totalNet: { value: 1.0, currency } });
  assert.deepEqual(invoice('CNY'), []);
  assert.deepEqual(invoice('XYZ'), ['code-invalid Invoice.totalNet.currency F9']);
});

test('[fhir F16] a narrative names characters that HTML knows and each attribute once', () => {
  const div = (inner: string) =>
    patient({
      text: { status: 'generated', div: `<div xmlns="http://www.w3.org/1999/xhtml">${inner}</div>` },
    });
  assert.deepEqual(div('a&nbsp;b &eacute; &amp; &#20013; &apos;'), []);
  assert.deepEqual(div('a&nosuch;b'), ['invariant Patient.text.div txt-1']);
  assert.deepEqual(div('<p class="a" class="b">c</p>'), ['invariant Patient.text.div txt-1']);
});

test('[fhir F28] the condition of a question asks another question of the same questionnaire', () => {
  const ask = (question: string) =>
    found({
      resourceType: 'Questionnaire',
      status: 'draft',
      item: [
        { linkId: '1', type: 'group', text: '测', item: [{ linkId: '1.1', type: 'boolean' }] },
        {
          linkId: '2',
          type: 'string',
          enableWhen: [{ question, operator: 'exists', answerBoolean: true }],
        },
      ],
    });
  assert.deepEqual(ask('1.1'), []);
  assert.deepEqual(ask('9'), ['value Questionnaire.item[1].enableWhen[0].question F28']);
  assert.deepEqual(ask('2'), ['value Questionnaire.item[1].enableWhen[0].question F28']);
});
