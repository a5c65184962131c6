package io.freshet.cli.status;

/**
 * What was found of one thing.
 *
 * @param subject what was looked at
 * @param found what it is
 * @param expected what it should be; empty if it is
 * @param runbook the handbook's entry under "Alerts" that says what to do; empty if nothing is
 */
record Finding(String subject, String found, String expected, String runbook) {

    static Finding well(String subject, String found) {
        return new Finding(subject, found, "", "");
    }

    boolean isWell() {
        return runbook.isEmpty();
    }
}
