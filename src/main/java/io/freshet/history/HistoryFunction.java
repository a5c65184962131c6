package io.freshet.history;

import io.freshet.config.HistoryConfig;
import io.freshet.event.Control;
import io.freshet.event.ControlReport;
import io.freshet.event.ControlReport.Stage;
import io.freshet.event.Interaction;
import io.freshet.event.ItemHash;
import io.freshet.event.ItemSignal;
import io.freshet.event.RecommendationRequest;
import io.freshet.event.Removal;
import io.freshet.event.Removal.Place;
import io.freshet.event.TrainingSequence;
import io.freshet.event.TrainingSignal;
import io.freshet.runtime.state.CachedState;
import io.freshet.runtime.state.CachingFunction;
import io.freshet.runtime.state.StateCaches;
import io.freshet.runtime.state.StateTtl;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.TimeDomain;
import org.apache.flink.streaming.api.functions.co.KeyedCoProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * Keeps each user's recent interactions, and emits what follows from them: signals for the
 * statistics of items (main output, in the order in which it happened) and what is to be trained
 * (side output {@link #TRAINING}). Keyed by user.
 *
 * <p>An interaction becomes, in this order: a probe if it is sampled; "followed" for the item
 * before it in event time; "chosen" for its own item; a request for a list, at once or when the
 * debounce is over. At the end of an event-time pane its user's new interactions leave as one
 * training sequence; a second one comes only from a user whose fresh interactions exceed ten times
 * the history's length.
 *
 * <p>An exposure, an interaction in which the user was only shown an item ({@code
 * history.exposure-types}), becomes none of these. It is kept apart, and is part of the user's
 * requests until its item is chosen.
 *
 * <p>A control that <b>forgets</b> a user removes all of that, and leaves a mark: the time of the
 * control, or of the newest interaction that was removed if that is later. Interactions up to the
 * mark that arrive after it are dropped and counted: a topic that is read from its beginning, or a
 * producer that sends again, must not bring back what was forgotten. The mark lives for {@code
 * history.forgotten-ttl}. Later interactions are those of a new user.
 */
public final class HistoryFunction
        extends KeyedCoProcessFunction<String, Interaction, Control, ItemSignal>
        implements CachingFunction {

    /** One sequence per active user and pane, and controls that forget a user. */
    public static final OutputTag<TrainingSignal> TRAINING =
            new OutputTag<>("training-signals", TypeInformation.of(TrainingSignal.class));

    /** What was removed, of which user. */
    public static final OutputTag<ControlReport> REPORTS =
            new OutputTag<>("control-reports", TypeInformation.of(ControlReport.class));

    private static final long serialVersionUID = 1L;
    private static final long[] NOTHING = {};

    private final HistoryConfig config;

    private transient Timeline timeline;
    private transient Panes panes;
    private transient Probes probes;
    private transient Requests requests;
    private transient CachedState<HistoryState> histories;
    private transient CachedState<long[]> seenItems;
    private transient CachedState<ExposureState> exposureStates;
    private transient CachedState<Long> forgottenUntil;
    private transient HistoryMetrics metrics;

    public HistoryFunction(HistoryConfig config) {
        this.config = config;
    }

    @Override
    public void openStates(StateCaches caches) {
        Duration ttl = config.ttl();
        histories = state(caches, "history", TypeInformation.of(HistoryState.class), ttl);
        seenItems =
                state(caches, "seen", PrimitiveArrayTypeInfo.LONG_PRIMITIVE_ARRAY_TYPE_INFO, ttl);
        exposureStates = state(caches, "exposures", TypeInformation.of(ExposureState.class), ttl);
        forgottenUntil = state(caches, "forgotten", Types.LONG, config.forgottenTtl());
    }

    @Override
    public void open(OpenContext context) {
        timeline = new Timeline(config.length());
        panes = new Panes(config.pane());
        probes = new Probes(config);
        requests = new Requests(config.length());
        metrics = new HistoryMetrics(getRuntimeContext().getMetricGroup());
    }

    @Override
    public void processElement1(Interaction interaction, Context context, Collector<ItemSignal> out)
            throws Exception {
        if (isForgotten(interaction.timestamp())) {
            metrics.forgotten();
            return;
        }
        HistoryState user = orElse(histories.value(), new HistoryState());
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
        user.remembered = HashSets.append(user.remembered, event, config.rememberedEvents());
        long[] seen = seen(user);
        if (probes.isDue(interaction, user, seen)) {
            request(requests.probe(interaction, user, seen, exposed), out);
        }
        apply(interaction, user, context, out);
        if (Exposures.choose(exposed, interaction.itemId(), interaction.timestamp())) {
            exposureStates.update(exposed);
        }
        if (config.consumeOnce()) {
            seen = HashSets.addSorted(seen, ItemHash.of(interaction.itemId()));
            seenItems.update(seen);
        }
        requestSoon(interaction.arrivedAt(), user, seen, exposed, context, out);
        histories.update(user);
    }

    /** Forgets the control's user. Timers stay, and do nothing; see {@link #onTimer}. */
    @Override
    public void processElement2(Control control, Context context, Collector<ItemSignal> out)
            throws Exception {
        HistoryState user = orElse(histories.value(), new HistoryState());
        ExposureState exposed = orElse(exposureStates.value(), new ExposureState());
        long[] seen = orElse(seenItems.value(), NOTHING);
        long now = context.timerService().currentProcessingTime();
        List<Removal> removed =
                List.of(
                        new Removal(Place.HISTORY, user.items.length, now),
                        new Removal(Place.SEEN_ITEMS, seen.length, now),
                        new Removal(Place.EXPOSURES, exposed.items.length, now));
        long last = Math.max(newest(user.timestamps), newest(exposed.timestamps));
        long until = Math.max(control.timestamp(), last);
        histories.clear();
        seenItems.clear();
        exposureStates.clear();
        forgottenUntil.update(until);
        context.output(
                REPORTS,
                ControlReport.removal(control.controlId(), Stage.HISTORY, "", now, removed));
        context.output(TRAINING, TrainingSignal.of(control));
        request(RecommendationRequest.forget(control.controlId(), control.userId(), until), out);
    }

    /** Does nothing if the user was forgotten or has expired since the timer was set. */
    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<ItemSignal> out)
            throws Exception {
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
            request(requests.live(context.getCurrentKey(), user, seen(user), exposed()), out);
            histories.update(user);
        }
    }

    private void expose(Interaction interaction, HistoryState user, ExposureState exposed)
            throws Exception {
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

    private void requestSoon(
            long arrivedAt,
            HistoryState user,
            long[] seen,
            ExposureState exposed,
            Context context,
            Collector<ItemSignal> out) {
        if (!config.asking().serve()) {
            return;
        }
        if (user.requestAt == 0) {
            user.waitingSince = arrivedAt;
        }
        if (config.asking().debounce().isZero()) {
            request(requests.live(context.getCurrentKey(), user, seen, exposed), out);
        } else if (user.requestAt == 0) {
            user.requestAt =
                    context.timerService().currentProcessingTime()
                            + config.asking().debounce().toMillis();
            context.timerService().registerProcessingTimeTimer(user.requestAt);
        }
    }

    private static void request(RecommendationRequest request, Collector<ItemSignal> out) {
        ItemSignal.asked(request).forEach(out::collect);
    }

    private boolean isForgotten(long timestamp) throws Exception {
        Long until = forgottenUntil.value();
        return until != null && timestamp <= until;
    }

    private static long newest(long[] ascending) {
        return ascending.length == 0 ? Long.MIN_VALUE : ascending[ascending.length - 1];
    }

    private static <T> T orElse(@Nullable T found, T otherwise) {
        return found == null ? otherwise : found;
    }

    private boolean emitSequence(HistoryState user, long paneEnd, Context context) {
        @Nullable TrainingSequence sequence = timeline.cut(user, context.getCurrentKey(), paneEnd);
        if (sequence == null) {
            return false;
        }
        context.output(TRAINING, TrainingSignal.of(sequence));
        return true;
    }

    private ExposureState exposed() throws Exception {
        return config.exposureTypes().isEmpty()
                ? new ExposureState()
                : orElse(exposureStates.value(), new ExposureState());
    }

    /**
     * Ascending hashes of the user's items, if items are consumed once. If the newest is not among
     * them, the user has a history of a time before the option was switched on, which is added.
     */
    private long[] seen(HistoryState user) throws Exception {
        if (!config.consumeOnce()) {
            return NOTHING;
        }
        long[] seen = orElse(seenItems.value(), NOTHING);
        int last = user.items.length - 1;
        if (last >= 0 && !HashSets.containsSorted(seen, ItemHash.of(user.items[last]))) {
            for (String item : user.items) {
                seen = HashSets.addSorted(seen, ItemHash.of(item));
            }
        }
        return seen;
    }

    private <T> CachedState<T> state(
            StateCaches caches, String name, TypeInformation<T> type, Duration ttl) {
        return caches.of(getRuntimeContext().getState(StateTtl.value(name, type, ttl)));
    }
}
