// SPDX-License-Identifier: MIT

/** A vehicle registration of 39 fields, about 770 bytes in Ion binary: like the documents of QLDB's samples. */
export function vehicle(number: number): Record<string, unknown> {
  const digits = String(number).padStart(8, "0");
  return {
    vin: `1N4AL11D${digits}X`,
    licensePlate: `LEWISR${digits}`,
    state: "WA",
    city: "Seattle",
    type: "Sedan",
    make: "Nissan",
    model: "Altima",
    year: 1990 + (number % 35),
    color: ["Silver", "Black", "Blue", "Red"][number % 4],
    doors: 4,
    seats: 5,
    weightKg: 1432,
    mileage: (number * 7919) % 250_000,
    insured: number % 3 === 0,
    stolen: false,
    pendingPenaltyTicketAmount: (number * 31) % 1000,
    validFromDate: "2017-08-21",
    validToDate: "2020-05-11",
    registrationOffice: "Office 12",
    engine: {
      code: "QR25DE",
      cylinders: 4,
      displacementCc: 2488,
      powerKw: 136,
      fuel: "petrol",
      turbo: false,
    },
    tires: { front: "205/60R16", rear: "205/60R16", winter: false },
    owners: {
      primaryOwner: { personId: `OWNER${digits}`, since: "2017-08-21" },
      secondaryOwners: [{ personId: `SECOND${digits}` }, { personId: `THIRD${digits}` }],
    },
    inspections: [
      { date: "2018-08-20", passed: true, station: "North 3" },
      { date: "2020-02-17", passed: number % 7 !== 0, station: "North 3" },
    ],
  };
}
