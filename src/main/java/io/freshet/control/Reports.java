package io.freshet.control;

import io.freshet.event.AuditEvent;
import io.freshet.event.AuditEvent.Outcome;
import io.freshet.event.Control;
import io.freshet.event.ControlReport;
import io.freshet.event.ControlReport.Stage;
import io.freshet.event.Removal;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes one answer of the reports on a control, once they are complete. */
final class Reports {

    private static final Set<Stage> ON_USERS =
            EnumSet.of(
                    Stage.ADMISSION,
                    Stage.HISTORY,
                    Stage.TRAINING,
                    Stage.RECOMMENDER,
                    Stage.RESPONSES);
    private static final Set<Stage> ON_TRAINING = EnumSet.of(Stage.ADMISSION, Stage.TRAINING);

    private Reports() {}

    /** The answer, or null if a stage has not reported yet. */
    static @Nullable AuditEvent answer(List<ControlReport> reports) {
        Control control = null;
        Set<Stage> reported = EnumSet.noneOf(Stage.class);
        boolean refused = false;
        long last = Long.MIN_VALUE;
        for (ControlReport report : reports) {
            control = report.control() == null ? control : report.control();
            reported.add(report.stage());
            refused |= report.outcome() == Outcome.REFUSED;
            last = Math.max(last, report.timestamp());
        }
        if (control == null || !reported.containsAll(expected(control))) {
            return null;
        }
        return new AuditEvent(
                control,
                refused ? Outcome.REFUSED : Outcome.APPLIED,
                reason(reports),
                last,
                removed(reports));
    }

    private static Set<Stage> expected(Control control) {
        return control.kind() == Control.Kind.FORGET_USER ? ON_USERS : ON_TRAINING;
    }

    private static String reason(List<ControlReport> reports) {
        return reports.stream()
                .sorted(Comparator.comparing(ControlReport::stage))
                .map(ControlReport::reason)
                .filter(reason -> !reason.isEmpty())
                .collect(Collectors.joining("; "));
    }

    private static List<Removal> removed(List<ControlReport> reports) {
        return reports.stream()
                .flatMap(report -> report.removed().stream())
                .sorted(Comparator.comparing(Removal::place))
                .toList();
    }
}
