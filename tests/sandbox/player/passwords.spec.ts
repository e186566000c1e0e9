import { expect } from "chai";
import { derivedPassword, randomPassword, scramVerifier } from "../../../sandbox/player/passwords";

describe("played passwords", () => {
  it("need no escaping in a URL when only letters and digits are wanted", () => {
    const password = randomPassword("AlphaNumeric");
    expect(password).to.match(/^[A-Za-z0-9]{24}$/);
    expect(randomPassword("AlphaNumeric")).to.not.equal(password);
  });

  it("follow from their purpose where a provider would have them", () => {
    expect(derivedPassword("vault/a")).to.equal(derivedPassword("vault/a"));
    expect(derivedPassword("vault/a")).to.not.equal(derivedPassword("vault/b"));
  });

  it("have the verifier that Postgres would store", () => {
    // The example of RFC 7677, section 3, with 4096 iterations.
    const salt = Buffer.from("W22ZaJ0SNY7soEsUEjb6gQ==", "base64");
    expect(scramVerifier("pencil", salt)).to.equal(
      "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=",
    );
  });
});
