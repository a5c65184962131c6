package io.freshet.response;

import io.freshet.config.AttributesConfig;
import io.freshet.event.Control;
import io.freshet.event.ControlReport;
import io.freshet.event.Interaction;
import io.freshet.event.PredictedResponse;
import io.freshet.event.Profile;
import io.freshet.event.Removal;
import io.freshet.event.ResponseSignal;
import io.freshet.response.UserExposures.PendingExposure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * Predicts the responses to exposures (first input) with the profiles of items and users (second
 * input), test then train: an exposure is predicted at its event time, and learned from once the
 * wait is over. Its outcome leaves then, with the prediction.
 *
 * <p>Runs at parallelism 1, because all exposures are of one model. All keys are here, so one
 * exposure may touch the state of several: the user's, the item's, and that of each attribute's
 * value. What happens at one event time happens in the order of the source's offsets.
 */
public final class ResponseOperator extends AbstractStreamOperator<PredictedResponse>
        implements TwoInputStreamOperator<ResponseSignal, Profile, PredictedResponse>,
                Triggerable<String, VoidNamespace> {

    /** What was removed, of which user. */
    public static final OutputTag<ControlReport> REPORTS =
            new OutputTag<>("control-reports", TypeInformation.of(ControlReport.class));

    private static final long serialVersionUID = 1L;

    /** Most exposures of one user that wait; more are none that anybody saw. */
    private static final int MOST_PENDING = 1000;

    private final AttributesConfig attributes;
    private final long wait;
    private final Duration ttl;
    private final int cachedKeys;

    private transient @Nullable ListState<ResponseModelState> stored;
    private transient @Nullable Opened opened;

    /** Keys of users with something that is due at {@code dueAt}. */
    private transient TreeSet<String> due = new TreeSet<>();

    private transient long dueAt;

    /** What there is between opening and closing. */
    private record Opened(
            ResponseStates states,
            ResponseModel model,
            InternalTimerService<VoidNamespace> timers,
            ResponseMetrics metrics) {}

    /**
     * @param wait event time in which a response counts
     * @param ttl time without exposures after which what is known is dropped
     * @param cachedKeys most keys that are cached
     */
    public ResponseOperator(
            AttributesConfig attributes, Duration wait, Duration ttl, int cachedKeys) {
        this.attributes = attributes;
        this.wait = wait.toMillis();
        this.ttl = ttl;
        this.cachedKeys = cachedKeys;
    }

    /** The key of a user's exposures, profile and rate. */
    public static String key(ResponseSignal signal) {
        return ResponseModel.ofUser(signal.userId());
    }

    /** The key of a profile. */
    public static String key(Profile profile) {
        return switch (profile.subject()) {
            case USER -> ResponseModel.ofUser(profile.id());
            case ITEM -> ResponseModel.ofItem(profile.id());
        };
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        stored =
                context.getOperatorStateStore()
                        .getListState(new ListStateDescriptor<>("model", ResponseModelState.class));
    }

    @Override
    public void open() throws Exception {
        super.open();
        due = new TreeSet<>();
        ResponseStates states = new ResponseStates(getRuntimeContext(), this, ttl, cachedKeys);
        ResponseModel model = new ResponseModel(attributes, states);
        for (ResponseModelState state : Objects.requireNonNull(stored).get()) {
            model.restore(state);
        }
        opened =
                new Opened(
                        states,
                        model,
                        getInternalTimerService(
                                "exposures", VoidNamespaceSerializer.INSTANCE, this),
                        new ResponseMetrics(getMetricGroup()));
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        opened().states().writeBack();
        Objects.requireNonNull(stored).update(List.of(opened().model().store()));
        super.snapshotState(context);
    }

    @Override
    public void processElement1(StreamRecord<ResponseSignal> record) throws Exception {
        ResponseSignal signal = record.getValue();
        if (signal.exposure() != null) {
            expose(key(signal), signal.exposure());
        } else if (signal.response() != null) {
            respond(key(signal), signal.response());
        } else {
            forget(Objects.requireNonNull(signal.control()));
        }
    }

    @Override
    public void processElement2(StreamRecord<Profile> record) throws Exception {
        opened().states().put(key(record.getValue()), record.getValue());
    }

    @Override
    public void onEventTime(InternalTimer<String, VoidNamespace> timer) throws Exception {
        if (timer.getTimestamp() != dueAt) {
            settle();
            dueAt = timer.getTimestamp();
        }
        due.add(timer.getKey());
    }

    @Override
    public void onProcessingTime(InternalTimer<String, VoidNamespace> timer) {}

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        super.processWatermark(mark);
        settle();
    }

    private void forget(Control control) throws Exception {
        String key = ResponseModel.ofUser(control.userId());
        InternalTimerService<VoidNamespace> timers = opened().timers();
        for (PendingExposure exposure : opened().states().exposures(key).pending) {
            timers.deleteEventTimeTimer(VoidNamespace.INSTANCE, exposure.timestamp);
            timers.deleteEventTimeTimer(VoidNamespace.INSTANCE, exposure.judgedAt);
        }
        int removed = opened().states().forget(key);
        long now = getProcessingTimeService().getCurrentProcessingTime();
        ControlReport report =
                ControlReport.removal(
                        control.controlId(),
                        ControlReport.Stage.RESPONSES,
                        "",
                        now,
                        List.of(new Removal(Removal.Place.RESPONSES, removed, now)));
        output.collect(REPORTS, new StreamRecord<>(report));
    }

    private void expose(String key, Interaction shown) throws Exception {
        UserExposures user = opened().states().exposures(key);
        if (user.pending.length >= MOST_PENDING || user.isPending(shown)) {
            opened().metrics().leftOut();
            return;
        }
        PendingExposure exposure = user.expose(shown, wait);
        opened().states().put(key, user);
        InternalTimerService<VoidNamespace> timers = opened().timers();
        timers.registerEventTimeTimer(VoidNamespace.INSTANCE, exposure.timestamp);
        timers.registerEventTimeTimer(VoidNamespace.INSTANCE, exposure.judgedAt);
    }

    private void respond(String key, Interaction response) throws Exception {
        UserExposures user = opened().states().exposures(key);
        for (PendingExposure exposure : user.pending) {
            exposure.responded |= exposure.isRespondedBy(response);
        }
        user.lastResponse = Math.max(user.lastResponse, response.timestamp());
        opened().states().put(key, user);
    }

    /** Predicts, and then judges, all that is due. */
    private void settle() throws Exception {
        List<Step> steps = new ArrayList<>();
        for (String key : due) {
            for (PendingExposure exposure : opened().states().exposures(key).pending) {
                if (exposure.timestamp <= dueAt && !exposure.isPredicted()) {
                    steps.add(new Step(false, exposure.partition, exposure.offset, key));
                }
                if (exposure.judgedAt <= dueAt) {
                    steps.add(new Step(true, exposure.partition, exposure.offset, key));
                }
            }
        }
        due.clear();
        steps.sort(Step.ORDER);
        for (Step step : steps) {
            take(step);
        }
    }

    /** What is to be done with an exposure. */
    private record Step(boolean judges, int partition, long offset, String key) {

        private static final Comparator<Step> ORDER =
                Comparator.comparing(Step::judges)
                        .thenComparing(Step::partition)
                        .thenComparing(Step::offset);
    }

    private void take(Step step) throws Exception {
        UserExposures user = opened().states().exposures(step.key());
        PendingExposure exposure = user.pending(step.partition(), step.offset());
        var known =
                new ResponseModel.Known(
                        ResponseModel.userOf(step.key()),
                        opened().states().profile(step.key()),
                        opened().states().profile(ResponseModel.ofItem(exposure.itemId)));
        if (step.judges()) {
            opened().model().learn(exposure, known);
            opened().metrics().judged(exposure);
            output.collect(new StreamRecord<>(judged(known.user(), exposure), exposure.timestamp));
            user.remove(exposure);
        } else {
            opened().model().predict(exposure, known);
        }
        opened().states().put(step.key(), user);
    }

    private static PredictedResponse judged(String user, PendingExposure exposure) {
        return new PredictedResponse(
                user,
                exposure.itemId,
                exposure.timestamp,
                exposure.partition,
                exposure.offset,
                exposure.probability,
                exposure.responded,
                exposure.learnedThrough);
    }

    private Opened opened() {
        return Objects.requireNonNull(opened);
    }
}
