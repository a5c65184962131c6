package io.freshet.history;

import io.freshet.config.HistoryConfig;
import io.freshet.event.Control;
import io.freshet.event.Interaction;
import io.freshet.event.ItemHash;
import io.freshet.event.ItemSignal;
import io.freshet.event.RecommendationRequest;
import io.freshet.event.TrainingSequence;
import java.io.IOException;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.TimeDomain;
import org.apache.flink.streaming.api.functions.co.KeyedCoProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * Keeps each user's recent interactions, and tells the rest of the job what follows from them: what
 * items are told (main output, in the order in which it happened) and what is to be trained (side
 * output {@link #SEQUENCES}). Keyed by user.
 *
 * <p>An interaction becomes, in this order: a probe if it is sampled; "followed" for the item
 * before it in event time; "chosen" for its own item; a request for a list, at once or when the
 * debounce is over. At the end of an event-time pane its user's new interactions leave as one
 * training sequence; a second one comes only from a user whose fresh interactions exceed ten times
 * the history's length.
 *
 * <p>An interaction that only says what the user was shown ({@code history.exposure-types}) becomes
 * none of these. It is kept apart, and goes along with the user's requests until its item is
 * chosen.
 */
public final class HistoryFunction
        extends KeyedCoProcessFunction<String, Interaction, Control, ItemSignal> {

    /** One sequence per active user and pane, and markers that remove a user from training. */
    public static final OutputTag<TrainingSequence> SEQUENCES =
            new OutputTag<>("training-sequences", TypeInformation.of(TrainingSequence.class));

    private static final long serialVersionUID = 1L;
    private static final long ENTRIES_PER_CLOCK_READING = 1000;
    private static final long[] NOTHING = {};

    private final HistoryConfig config;

    private transient Timeline timeline;
    private transient Panes panes;
    private transient Probes probes;
    private transient Requests requests;
    private transient ValueState<HistoryState> histories;
    private transient ValueState<long[]> seenItems;
    private transient ValueState<ExposureState> exposureStates;
    private transient HistoryMetrics metrics;

    public HistoryFunction(HistoryConfig config) {
        this.config = config;
    }

    @Override
    public void open(OpenContext context) {
        timeline = new Timeline(config.length());
        panes = new Panes(config.pane());
        probes = new Probes(config);
        requests = new Requests(config.length());
        histories = state("history", TypeInformation.of(HistoryState.class));
        seenItems = state("seen", PrimitiveArrayTypeInfo.LONG_PRIMITIVE_ARRAY_TYPE_INFO);
        exposureStates = state("exposures", TypeInformation.of(ExposureState.class));
        metrics = new HistoryMetrics(getRuntimeContext().getMetricGroup());
    }

    @Override
    public void processElement1(Interaction interaction, Context context, Collector<ItemSignal> out)
            throws IOException {
        HistoryState user = histories.value();
        if (user == null) {
            user = new HistoryState();
        }
        ExposureState exposed = exposed();
        if (config.isExposure(interaction.eventType())) {
            expose(interaction, user, exposed);
            return;
        }
        long event = ItemHash.of(interaction.eventId());
        if (HashSets.contains(user.remembered, event)) {
            metrics.duplicate();
            return;
        }
        metrics.accepted(interaction.timestamp(), context.timerService().currentWatermark());
        user.remembered = HashSets.remember(user.remembered, event, config.rememberedEvents());
        long[] seen = seen();
        if (probes.wants(interaction, user, seen)) {
            ask(requests.probe(interaction, user, seen, exposed), out);
        }
        apply(interaction, user, context, out);
        if (Exposures.choose(exposed, interaction.itemId(), interaction.timestamp())) {
            exposureStates.update(exposed);
        }
        if (config.consumeOnce()) {
            seen = HashSets.addSorted(seen, ItemHash.of(interaction.itemId()));
            seenItems.update(seen);
        }
        askSoon(user, seen, exposed, context, out);
        histories.update(user);
    }

    @Override
    public void processElement2(Control control, Context context, Collector<ItemSignal> out) {
        switch (control.kind()) {
            case FORGET_USER -> forget(control, context, out);
        }
    }

    /** A timer finds nothing to do when the user was forgotten or expired since it was set. */
    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<ItemSignal> out)
            throws IOException {
        HistoryState user = histories.value();
        if (user == null) {
            return;
        }
        if (context.timeDomain() == TimeDomain.EVENT_TIME) {
            if (emitSequence(user, timestamp + 1, context)) {
                histories.update(user);
            }
        } else if (user.requestAt == timestamp) {
            user.requestAt = 0;
            ask(requests.live(context.getCurrentKey(), user, seen(), exposed()), out);
            histories.update(user);
        }
    }

    private void expose(Interaction interaction, HistoryState user, ExposureState exposed)
            throws IOException {
        metrics.exposure();
        if (Exposures.add(exposed, interaction.itemId(), interaction.timestamp(), user)) {
            exposureStates.update(exposed);
        }
    }

    private void apply(
            Interaction interaction,
            HistoryState user,
            Context context,
            Collector<ItemSignal> out) {
        String item = interaction.itemId();
        long timestamp = interaction.timestamp();
        int position = timeline.insert(user, interaction);
        if (position > 0) {
            out.collect(ItemSignal.followed(user.items[position - 1], item, timestamp));
        }
        out.collect(ItemSignal.chosen(item, timestamp));

        long watermark = context.timerService().currentWatermark();
        context.timerService().registerEventTimeTimer(panes.end(timestamp, watermark) - 1);
        if (timeline.overflows(user)) {
            long oldest = user.timestamps[user.fresh[0]];
            emitSequence(user, panes.end(oldest, watermark), context);
        }
    }

    private void askSoon(
            HistoryState user,
            long[] seen,
            ExposureState exposed,
            Context context,
            Collector<ItemSignal> out) {
        if (!config.serve()) {
            return;
        }
        if (config.debounce().isZero()) {
            ask(requests.live(context.getCurrentKey(), user, seen, exposed), out);
        } else if (user.requestAt == 0) {
            user.requestAt =
                    context.timerService().currentProcessingTime() + config.debounce().toMillis();
            context.timerService().registerProcessingTimeTimer(user.requestAt);
        }
    }

    private static void ask(RecommendationRequest request, Collector<ItemSignal> out) {
        ItemSignal.asked(request).forEach(out::collect);
    }

    /** Timers stay and find nothing; see {@link #onTimer}. */
    private void forget(Control control, Context context, Collector<ItemSignal> out) {
        histories.clear();
        seenItems.clear();
        exposureStates.clear();
        context.output(SEQUENCES, TrainingSequence.forget(control.userId(), control.timestamp()));
        ask(requests.forget(control), out);
    }

    private boolean emitSequence(HistoryState user, long paneEnd, Context context) {
        @Nullable TrainingSequence sequence = timeline.take(user, context.getCurrentKey(), paneEnd);
        if (sequence == null) {
            return false;
        }
        context.output(SEQUENCES, sequence);
        return true;
    }

    private ExposureState exposed() throws IOException {
        ExposureState exposed = config.exposureTypes().isEmpty() ? null : exposureStates.value();
        return exposed == null ? new ExposureState() : exposed;
    }

    private long[] seen() throws IOException {
        if (!config.consumeOnce()) {
            return NOTHING;
        }
        long[] seen = seenItems.value();
        return seen == null ? NOTHING : seen;
    }

    private <T> ValueState<T> state(String name, TypeInformation<T> type) {
        ValueStateDescriptor<T> descriptor = new ValueStateDescriptor<>(name, type);
        descriptor.enableTimeToLive(
                StateTtlConfig.newBuilder(config.ttl())
                        .updateTtlOnCreateAndWrite()
                        .neverReturnExpired()
                        .cleanupInRocksdbCompactFilter(ENTRIES_PER_CLOCK_READING)
                        .build());
        return getRuntimeContext().getState(descriptor);
    }
}
