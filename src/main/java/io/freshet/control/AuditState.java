package io.freshet.control;

import io.freshet.event.AuditEvent;
import io.freshet.event.ControlReport;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The reports on one control and its answer. A plain POJO: fields may be added, and state written
 * before still reads.
 */
public final class AuditState {

    /** Reports of a control that is not answered yet, in the order of their arrival. */
    public List<ControlReport> reports = new ArrayList<>();

    /** The answer, null until there is one. */
    public @Nullable AuditEvent answer;
}
