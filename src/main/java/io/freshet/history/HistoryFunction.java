package io.freshet.history;

import io.freshet.config.FeedbackConfig;
import io.freshet.config.FeedbackConfig.Kind;
import io.freshet.config.FeedbackConfig.Role;
import io.freshet.config.HistoryConfig;
import io.freshet.event.Control;
import io.freshet.event.ControlReport;
import io.freshet.event.ControlReport.Stage;
import io.freshet.event.Interaction;
import io.freshet.event.ItemHash;
import io.freshet.event.ItemSignal;
import io.freshet.event.RecommendationRequest;
import io.freshet.event.Removal;
import io.freshet.event.ResponseSignal;
import io.freshet.event.TrainingSequence;
import io.freshet.event.TrainingSignal;
import io.freshet.event.UserSignal;
import io.freshet.event.query.Query;
import io.freshet.runtime.attribute.PositionAttributes;
import io.freshet.runtime.state.CachingFunction;
import io.freshet.runtime.state.StateCaches;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.TimeDomain;
import org.apache.flink.streaming.api.functions.co.KeyedCoProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * Keeps each user's recent interactions, and emits what follows from them: signals for the
 * statistics of items (main output, in the order in which it happened) and what is to be trained
 * (side output {@link #TRAINING}). Exposures and the responses to them leave by {@link #RESPONSES}.
 * Keyed by user.
 *
 * <p>An interaction becomes, in this order: a probe if it is sampled; "followed" for the item
 * before it in event time; "chosen" for its own item; a request for a list, at once or when the
 * debounce is over. At the end of an event-time pane its user's new interactions leave as one
 * training sequence; a second one comes only from a user whose fresh interactions exceed ten times
 * the history's length.
 *
 * <p>What an interaction becomes depends on its role ({@link FeedbackConfig}):
 *
 * <ul>
 *   <li>A choice becomes all of this, and counts by its weight.
 *   <li>Context becomes a position of the history and asks for a list; it is neither probed nor
 *       counted.
 *   <li>A rejection asks for a list. It is kept apart, and is part of the user's requests until its
 *       item is chosen later in event time. It takes back the user's last choice of the item before
 *       it: that is context from then on, and what it counted is taken out of the statistics. A
 *       choice that arrives after its rejection is context from the beginning.
 *   <li>An exposure becomes none of these. It is kept apart, and is part of the user's requests
 *       until its item is chosen.
 * </ul>
 *
 * <p>A control that <b>forgets</b> a user removes all of that, and leaves a mark: the time of the
 * control, or of the newest interaction that was removed if that is later. Interactions up to the
 * mark that arrive after it are dropped and counted: a topic that is read from its beginning, or a
 * producer that sends again, must not bring back what was forgotten. The mark lives for {@code
 * history.forgotten-ttl}. Later interactions are those of a new user.
 *
 * <p>A <b>query</b> becomes a request at once, and changes nothing. One without a user has a key of
 * its own, under which nothing is kept.
 */
public final class HistoryFunction
        extends KeyedCoProcessFunction<String, Interaction, UserSignal, ItemSignal>
        implements CachingFunction {

    /** One sequence per active user and pane, and controls that forget a user. */
    public static final OutputTag<TrainingSignal> TRAINING =
            new OutputTag<>("training-signals", TypeInformation.of(TrainingSignal.class));

    /** Exposures, responses to them, and controls that forget a user. */
    public static final OutputTag<ResponseSignal> RESPONSES =
            new OutputTag<>("response-signals", TypeInformation.of(ResponseSignal.class));

    /** What was removed, of which user. */
    public static final OutputTag<ControlReport> REPORTS =
            new OutputTag<>("control-reports", TypeInformation.of(ControlReport.class));

    private static final long serialVersionUID = 1L;
    private final HistoryConfig config;
    private final PositionAttributes taken;

    private transient Timeline timeline;
    private transient Panes panes;
    private transient Probes probes;
    private transient Requests requests;
    private transient UserStates states;
    private transient HistoryMetrics metrics;

    /**
     * @param taken what the model takes of a position besides its item
     */
    public HistoryFunction(HistoryConfig config, PositionAttributes taken) {
        this.config = config;
        this.taken = taken;
    }

    @Override
    public void openStates(StateCaches caches) {
        states = new UserStates(config, getRuntimeContext(), caches);
    }

    @Override
    public void open(OpenContext context) {
        timeline = new Timeline(config.length(), taken);
        panes = new Panes(config.pane());
        probes = new Probes(config);
        requests =
                new Requests(
                        timeline,
                        config.length(),
                        config.consumeOnce(),
                        config.response().window().toMillis());
        metrics = new HistoryMetrics(getRuntimeContext().getMetricGroup());
    }

    @Override
    public void processElement1(Interaction interaction, Context context, Collector<ItemSignal> out)
            throws Exception {
        if (states.isForgotten(interaction.timestamp())) {
            metrics.forgotten();
            return;
        }
        HistoryState user = states.history();
        Role role = config.feedback().roleOf(interaction.eventType(), interaction.rating());
        if (role.kind() == Kind.EXPOSURE) {
            expose(interaction, user);
            context.output(RESPONSES, ResponseSignal.exposure(interaction));
            return;
        }
        long event = ItemHash.of(interaction.eventId());
        if (HashSets.contains(user.remembered, event)) {
            metrics.duplicate();
            return;
        }
        if (config.feedback().hasExposures()
                && config.response().isResponse(interaction.eventType(), role.kind())) {
            context.output(RESPONSES, ResponseSignal.response(interaction));
        }
        user.remembered = HashSets.append(user.remembered, event, config.rememberedEvents());
        if (role.kind() == Kind.NEGATIVE) {
            reject(interaction, user, context, out);
        } else {
            metrics.accepted(interaction.timestamp(), context.timerService().currentWatermark());
            choose(interaction, role, user, context, out);
        }
        states.update(user);
    }

    @Override
    public void processElement2(UserSignal signal, Context context, Collector<ItemSignal> out)
            throws Exception {
        if (signal.query() != null) {
            answer(signal.query(), context.timerService().currentWatermark(), out);
        } else if (signal.control() != null) {
            forget(signal.control(), context, out);
        }
    }

    /** Changes nothing of the user, whose next list comes when it was to come. */
    private void answer(Query query, long reached, Collector<ItemSignal> out) throws Exception {
        HistoryState user = states.history();
        request(
                requests.answering(
                        query,
                        user,
                        states.seen(user),
                        states.exposures(),
                        states.rejections(),
                        reached),
                out);
    }

    /** Forgets the control's user. Timers stay, and do nothing; see {@link #onTimer}. */
    private void forget(Control control, Context context, Collector<ItemSignal> out)
            throws Exception {
        long now = context.timerService().currentProcessingTime();
        List<Removal> removed = states.contents(now);
        long until = states.forget(control.timestamp());
        context.output(
                REPORTS,
                ControlReport.removal(control.controlId(), Stage.HISTORY, "", now, removed));
        context.output(TRAINING, TrainingSignal.of(control));
        context.output(RESPONSES, ResponseSignal.of(control));
        request(RecommendationRequest.forget(control.controlId(), control.userId(), until), out);
    }

    /** Does nothing if the user was forgotten or has expired since the timer was set. */
    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<ItemSignal> out)
            throws Exception {
        HistoryState user = states.found();
        if (user == null) {
            return;
        }
        if (context.timeDomain() == TimeDomain.EVENT_TIME) {
            if (emitSequence(user, timestamp + 1, context)) {
                states.update(user);
            }
        } else if (user.requestAt == timestamp) {
            user.requestAt = 0;
            requestNow(user, context, out);
            states.update(user);
        }
    }

    private void expose(Interaction interaction, HistoryState user) throws Exception {
        metrics.exposure();
        ExposureState exposed = states.exposures();
        if (Exposures.add(exposed, interaction.itemId(), interaction.timestamp(), user)) {
            states.update(exposed);
        }
    }

    private void reject(
            Interaction interaction, HistoryState user, Context context, Collector<ItemSignal> out)
            throws Exception {
        metrics.rejection();
        String item = interaction.itemId();
        long timestamp = interaction.timestamp();
        int choice = Timeline.lastChoice(user, item, timestamp);
        if (choice != Timeline.NONE) {
            counted(user, choice).forEach(signal -> out.collect(signal.takenBack(timestamp)));
            Timeline.takeBack(user, choice);
        }
        RejectionState rejected = states.rejections();
        if (Rejections.add(rejected, item, timestamp, user)) {
            states.update(rejected);
            Timeline.arrived(user, interaction);
            Timeline.reject(user, item, timestamp);
            requestSoon(interaction.arrivedAt(), user, context, out);
        }
    }

    private void choose(
            Interaction interaction,
            Role role,
            HistoryState user,
            Context context,
            Collector<ItemSignal> out)
            throws Exception {
        String item = interaction.itemId();
        long timestamp = interaction.timestamp();
        long[] seen = states.seen(user);
        ExposureState exposed = states.exposures();
        RejectionState rejected = states.rejections();
        if (probes.isDue(interaction, role, user, seen)) {
            request(requests.probe(interaction, user, seen, exposed, rejected), out);
        }
        boolean rejectedSince = Rejections.isRejected(rejected, item, timestamp);
        float weight = rejectedSince ? 0 : role.weight();
        apply(interaction, weight, user, context, out);
        if (Exposures.choose(exposed, item, timestamp)) {
            states.update(exposed);
        }
        if (weight > 0 && Rejections.choose(rejected, item, timestamp)) {
            states.update(rejected);
            Timeline.choose(user, item, timestamp);
        }
        states.addSeen(seen, item);
        requestSoon(interaction.arrivedAt(), user, context, out);
    }

    private void apply(
            Interaction interaction,
            float weight,
            HistoryState user,
            Context context,
            Collector<ItemSignal> out) {
        long timestamp = interaction.timestamp();
        if (!Timeline.continues(user, interaction)) {
            int position = timeline.insert(user, interaction, weight);
            counted(user, position).forEach(out::collect);
        } else if (!addToNewest(interaction, weight, user, out)) {
            return;
        }
        long watermark = context.timerService().currentWatermark();
        context.timerService().registerEventTimeTimer(panes.end(timestamp, watermark) - 1);
        if (timeline.overflows(user)) {
            long oldest = user.timestamps[user.fresh[0]];
            emitSequence(user, panes.end(oldest, watermark), context);
        }
    }

    /** Counts the choice as what it is by now, and no more what it was before. */
    private boolean addToNewest(
            Interaction interaction, float weight, HistoryState user, Collector<ItemSignal> out) {
        int newest = user.items.length - 1;
        List<ItemSignal> before = counted(user, newest);
        if (!timeline.add(user, interaction, weight)) {
            return false;
        }
        before.forEach(signal -> out.collect(signal.takenBack(interaction.timestamp())));
        counted(user, newest).forEach(out::collect);
        return true;
    }

    /** What a position counts in the statistics of items; nothing if it is context alone. */
    private static List<ItemSignal> counted(HistoryState user, int position) {
        String item = user.items[position];
        long timestamp = user.timestamps[position];
        float weight = Timeline.weight(user, position);
        if (weight == 0) {
            return List.of();
        }
        ItemSignal chosen = ItemSignal.chosen(item, timestamp, weight);
        return position == 0
                ? List.of(chosen)
                : List.of(
                        ItemSignal.followed(user.items[position - 1], item, timestamp, weight),
                        chosen);
    }

    private void requestSoon(
            long arrivedAt, HistoryState user, Context context, Collector<ItemSignal> out)
            throws Exception {
        if (!config.asking().serve()) {
            return;
        }
        if (user.requestAt == 0) {
            user.waitingSince = arrivedAt;
        }
        if (config.asking().debounce().isZero()) {
            requestNow(user, context, out);
        } else if (user.requestAt == 0) {
            user.requestAt =
                    context.timerService().currentProcessingTime()
                            + config.asking().debounce().toMillis();
            context.timerService().registerProcessingTimeTimer(user.requestAt);
        }
    }

    private void requestNow(HistoryState user, Context context, Collector<ItemSignal> out)
            throws Exception {
        request(
                requests.live(
                        context.getCurrentKey(),
                        user,
                        states.seen(user),
                        states.exposures(),
                        states.rejections()),
                out);
    }

    private static void request(RecommendationRequest request, Collector<ItemSignal> out) {
        ItemSignal.asked(request).forEach(out::collect);
    }

    private boolean emitSequence(HistoryState user, long paneEnd, Context context) {
        @Nullable TrainingSequence sequence = timeline.cut(user, context.getCurrentKey(), paneEnd);
        if (sequence == null) {
            return false;
        }
        context.output(TRAINING, TrainingSignal.of(sequence));
        return true;
    }
}
