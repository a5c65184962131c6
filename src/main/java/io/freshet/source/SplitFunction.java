package io.freshet.source;

import io.freshet.event.DeadLetter;
import io.freshet.source.decode.Decoded;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * Separates events from dead letters, and counts both.
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

    private transient @Nullable Counter events;
    private transient @Nullable Counter deadLetters;

    @Override
    public void open(OpenContext context) {
        events = metrics().counter(EVENTS_METRIC);
        deadLetters = metrics().counter(DEAD_LETTERS_METRIC);
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
        context.output(DEAD_LETTERS, deadLetter);
    }

    /** Adds one to a counter that {@link #open} made. */
    static void count(@Nullable Counter counter) {
        if (counter == null) {
            throw new IllegalStateException("processElement was called before open");
        }
        counter.inc();
    }
}
