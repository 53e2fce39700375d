package org.cordanetes.standin.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PasswordPolicyTest {
    private final PasswordPolicy policy = new PasswordPolicy(true, Integer.MAX_VALUE);

    @ParameterizedTest
    @CsvSource({"p4ssWord,true", "Short1a,false", "nouppercase1,false", "NOLOWERCASE1,false", "NoDigitsHere,false",
            "xAdmin99zz,false", "Qabcd19xY,false", "Qabc19dxY,true", "Q4321xyZz,false", "Qaaaa19xY,false", "Qaaa19xYb,true"})
    void passwords(String password, boolean accepted) {
        assertEquals(accepted, policy.problem("admin", password).isEmpty());
    }

    @ParameterizedTest
    @CsvSource({"password", "x"})
    void without_complexity_all_is_accepted(String password) {
        assertEquals(true, new PasswordPolicy(false, 5).problem("admin", password).isEmpty());
    }
}
