/** What stands in the demo's database, so that the first query has something to show. */
export const sample = `
CREATE TABLE planet (name text PRIMARY KEY, moons integer NOT NULL, ring boolean NOT NULL, day_hours numeric NOT NULL);
COMMENT ON TABLE planet IS 'Made up for the demo, apart from the planets.';
INSERT INTO planet VALUES
  ('Mercury', 0, false, 1407.6), ('Venus', 0, false, 5832.5), ('Earth', 1, false, 23.9), ('Mars', 2, false, 24.6),
  ('Jupiter', 95, true, 9.9), ('Saturn', 146, true, 10.7), ('Uranus', 28, true, 17.2), ('Neptune', 16, true, 16.1);
`;
