// What a set of readings means in words, and which values are asked about before they are kept.

/** A concerning value is asked about before it is kept: a slip of the finger must not stop an infusion. The server's rules judge it. */
export function concern({ systolic, diastolic, heartRate, oxygenSaturation, sedation }) {
  const found = [];
  if (systolic > 180 || systolic < 90 || diastolic > 110) found.push(`blood pressure ${systolic}/${diastolic} mmHg`);
  if (heartRate > 120 || heartRate < 50) found.push(`heart rate ${heartRate}/min`);
  if (oxygenSaturation < 94) found.push(`SpO2 ${oxygenSaturation} %`);
  if (sedation !== undefined && sedation <= 3) found.push(`sedation ${sedation} of 5`);
  return found.length ? `Is this right: ${found.join(", ")}?` : null;
}

export const wordsOf = (readings) => [
  readings.systolic && `BP ${readings.systolic}/${readings.diastolic}`, readings.heartRate && `HR ${readings.heartRate}`, readings.oxygenSaturation && `SpO2 ${readings.oxygenSaturation} %`,
  ...["sedation", "dissociation", "nausea", "dizziness"].filter((f) => f in readings).map((f) => `${f} ${readings[f]}`), readings.noSymptoms && "no symptoms",
].filter(Boolean).join(" · ");
