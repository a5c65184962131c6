package io.freshet.source;

import io.freshet.event.DeadLetter;
import io.freshet.source.decode.Decoded;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * Separates events from dead letters, and counts both, the latter also by the field at fault: the
 * topic's schema has few, and a decoder names no other.
 *
 * @param <E> the event
 * @param <D> the decoded record
 */
class SplitFunction<E, D extends Decoded<E>> extends ProcessFunction<D, E> {

    /** Side output of dead letters. */
    static final OutputTag<DeadLetter> DEAD_LETTERS =
            new OutputTag<>("dead-letters", TypeInformation.of(DeadLetter.class));

    private static final long serialVersionUID = 1;

    /** Decoded records, count. */
    static final String EVENTS_METRIC = "freshetEvents";

    /** Records refused, count. */
    static final String DEAD_LETTERS_METRIC = "freshetDeadLetters";

    /** Group of metrics of a field, by its name. */
    static final String FIELD_GROUP = "field";

    /** Records refused for a field, count. */
    static final String FAULTS_METRIC = "freshetFaults";

    private static final Pattern INSIDE_FIELD = Pattern.compile("[.\\[].*", Pattern.DOTALL);

    private transient @Nullable Counter events;
    private transient @Nullable Counter deadLetters;
    private transient @Nullable Map<String, Counter> faults;

    @Override
    public void open(OpenContext context) {
        events = metrics().counter(EVENTS_METRIC);
        deadLetters = metrics().counter(DEAD_LETTERS_METRIC);
        faults = new HashMap<>();
    }

    /** The group that counters are in. */
    MetricGroup metrics() {
        return getRuntimeContext().getMetricGroup();
    }

    @Override
    public void processElement(D decoded, Context context, Collector<E> out) {
        E event = decoded.event();
        if (event != null) {
            count(events);
            out.collect(event);
            return;
        }
        DeadLetter deadLetter = decoded.deadLetter();
        if (deadLetter == null) {
            throw new IllegalStateException("A decoder returned neither event nor dead letter");
        }
        count(deadLetters);
        count(faultsOf(INSIDE_FIELD.matcher(deadLetter.field()).replaceFirst("")));
        context.output(DEAD_LETTERS, deadLetter);
    }

    /** The counter of a field, which is registered with its first fault. */
    private @Nullable Counter faultsOf(String field) {
        return faults == null
                ? null
                : faults.computeIfAbsent(
                        field,
                        name -> metrics().addGroup(FIELD_GROUP, name).counter(FAULTS_METRIC));
    }

    /** Adds one to a counter that {@link #open} made. */
    static void count(@Nullable Counter counter) {
        if (counter == null) {
            throw new IllegalStateException("processElement was called before open");
        }
        counter.inc();
    }
}
