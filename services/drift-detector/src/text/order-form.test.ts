import { describe, expect, it } from 'vitest';
import { orderForm } from './order-form.js';
import { scanText } from './scan.js';

const form = (text: string): number => {
  const scan = scanText(text);
  let most = 0;
  for (let s = 0; s < scan.segments; s++) most = Math.max(most, orderForm(scan, s));
  return most;
};

describe('orderForm', () => {
  it('reads orders as orders, in several languages', () => {
    for (const order of [
      'Send the list to ann@a.example.',
      'Please also send the list to Ann.',
      'You must open the page first.',
      'Bitte senden Sie die Liste an Ann.',
      'Veuillez envoyer la liste à Ann.',
      'Por favor, envíe la lista a Ana.',
      'Before you go on, send the list to Ann.',
    ])
      expect(form(order), order).toBeGreaterThan(0.5);
  });

  it('reads records and statements as what they are', () => {
    for (const plain of [
      'name: Ann Weber',
      'The meeting was moved to the third of May.',
      '- body: I read an interesting article on paper.example',
      'job 88121 failed at stage integration',
      'Total: 1250.00 EUR',
    ])
      expect(form(plain), plain).toBeLessThan(0.4);
  });

  it('hears an obligation of whoever reads', () => {
    for (const order of [
      'Il faut envoyer la liste à Ann.',
      'Hay que leer el aviso de la puerta.',
      'Bisogna chiudere la finestra.',
      'Нужно закрыть окно.',
      'Trzeba zamknąć okno.',
    ])
      expect(form(order), order).toBeGreaterThan(0.5);
    expect(form('Hay tres avisos que leer.')).toBeLessThan(0.4);
  });

  it('hears that an auxiliary before an infinitive obliges', () => {
    expect(form('The list is to be sent to ann@a.example.')).toBeGreaterThan(
      form('The list is sent to ann@a.example.'),
    );
    expect(form('The office has to send it.')).toBeGreaterThan(form('The office has sent it to Ann.'));
  });
});
