package org.cordanetes.standin.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.cordanetes.standin.tls.StartRefused;
import org.junit.jupiter.api.Test;

class ArgumentsTest {
    private final Arguments.Known known = new Arguments.Known().value("--config-file|-f").flag("--verbose|-v");

    @Test
    void both_ways_of_giving_a_value_and_both_names_work() throws Exception {
        assertEquals("x", known.parse("-f", "x").require("--config-file"));
        assertEquals("x=y", known.parse("--config-file=x=y").require("--config-file"));
        Arguments arguments = known.parse("word", "-v");
        assertTrue(arguments.has("--verbose"));
        assertEquals(List.of("word"), arguments.words());
    }

    @Test
    void unknown_options_and_missing_values_are_refused() {
        assertThrows(StartRefused.class, () -> known.parse("--other"));
        assertThrows(StartRefused.class, () -> known.parse("-f"));
        assertThrows(StartRefused.class, () -> known.parse().require("--config-file"));
    }
}
