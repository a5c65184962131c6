package io.freshet;

import io.freshet.control.AuditState;
import io.freshet.event.Control;
import io.freshet.event.EncodedItem;
import io.freshet.event.PredictedResponse;
import io.freshet.event.Profile;
import io.freshet.event.RecommendationRequest;
import io.freshet.event.RecommenderUpdate;
import io.freshet.event.RequestPart;
import io.freshet.event.TrainingSequence;
import io.freshet.history.ExposureState;
import io.freshet.history.HistoryState;
import io.freshet.history.RejectionState;
import io.freshet.item.EncodedContentState;
import io.freshet.item.FollowersState;
import io.freshet.item.PendingItemState;
import io.freshet.item.PopularityState;
import io.freshet.recommend.FusionState;
import io.freshet.recommend.ItemState;
import io.freshet.recommend.ProbeTally;
import io.freshet.recommend.SharedState;
import io.freshet.response.ResponseModelState;
import io.freshet.response.ResponseRate;
import io.freshet.response.UserExposures;
import io.freshet.training.FineTuneState;
import io.freshet.training.WaitingItem;
import io.freshet.training.WindowSequence;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Every state of the job as savepoints name it: the operator's uid, then the state's name.
 * Savepoints of every release use these names: a line may be added, none changed or removed.
 */
final class ReleasedStates {

    /** Releases whose state must be read, oldest first; the newest is the one being built. */
    static final List<String> RELEASES = List.of("1", "2", "3");

    /** States of the job's own operators, and what each holds. */
    static final Map<String, Class<?>> OWN =
            Map.ofEntries(
                    Map.entry("audit/audit", AuditState.class),
                    Map.entry("control-admission/admitted", Control.class),
                    Map.entry("fine-tuner/applied-sequences", WindowSequence.class),
                    Map.entry("fine-tuner/fine-tuner", FineTuneState.class),
                    Map.entry("fine-tuner/held-out-sequences", TrainingSequence.class),
                    Map.entry("fine-tuner/judging-sequences", WindowSequence.class),
                    Map.entry("fine-tuner/judging-sequences-chunks", WindowSequence[].class),
                    Map.entry("fine-tuner/pending-items", EncodedItem.class),
                    Map.entry("fine-tuner/pending-sequences", TrainingSequence.class),
                    Map.entry("fine-tuner/pending-sequences-chunks", TrainingSequence[].class),
                    Map.entry("fine-tuner/replay-buffer", TrainingSequence.class),
                    Map.entry("fine-tuner/replay-buffer-chunks", TrainingSequence[].class),
                    Map.entry("fine-tuner/tested-sequences", TrainingSequence.class),
                    Map.entry("fine-tuner/waiting-items", WaitingItem.class),
                    Map.entry("history/exposures", ExposureState.class),
                    Map.entry("history/forgotten", Long.class),
                    Map.entry("history/history", HistoryState.class),
                    Map.entry("history/rejections", RejectionState.class),
                    Map.entry("history/seen", long[].class),
                    Map.entry("item-context/followers", FollowersState.class),
                    Map.entry("response-evaluation/responses", PredictedResponse.class),
                    Map.entry("response-evaluation/responses-chunks", PredictedResponse[].class),
                    Map.entry("response-evaluation/window", Long.class),
                    Map.entry("responses/exposures", UserExposures.class),
                    Map.entry("responses/model", ResponseModelState.class),
                    Map.entry("responses/profile", Profile.class),
                    Map.entry("responses/rate", ResponseRate.class),
                    Map.entry("item-context/popularity", PopularityState.class),
                    Map.entry("item-encoder/encoded-content", EncodedContentState.class),
                    Map.entry("item-encoder/pending-items", PendingItemState.class),
                    Map.entry("item-encoder/withdrawn-content", EncodedContentState.class),
                    Map.entry("request-assembly/incomplete", RequestPart[].class),
                    Map.entry("probe-evaluation/tally", ProbeTally.class),
                    Map.entry("recommender/fusion", FusionState.class),
                    Map.entry("recommender/items", ItemState.class),
                    Map.entry("recommender/items-chunks", ItemState[].class),
                    Map.entry("recommender/requests", RecommendationRequest.class),
                    Map.entry("recommender/shared", SharedState.class),
                    Map.entry("recommender/updates", RecommenderUpdate.class));

    /** States that Flink and its Kafka connector keep. */
    private static final Set<String> FLINKS =
            Set.of(
                    "Sink Committer: audit-sink/streaming_committer_raw_states",
                    "Sink Committer: dead-letters-sink/streaming_committer_raw_states",
                    "Sink Committer: evaluations-sink/streaming_committer_raw_states",
                    "Sink Committer: model-checkpoints-sink/streaming_committer_raw_states",
                    "Sink Committer: recommendations-sink/streaming_committer_raw_states",
                    "audit-sink/streaming_committer_raw_states",
                    "audit-sink/writer_raw_states",
                    "audit/_timer_state/event_user-timers",
                    "audit/_timer_state/processing_user-timers",
                    "control-admission/_timer_state/event_user-timers",
                    "control-admission/_timer_state/processing_user-timers",
                    "controls/SourceReaderState",
                    "dead-letters-sink/streaming_committer_raw_states",
                    "dead-letters-sink/writer_raw_states",
                    "evaluations-sink/streaming_committer_raw_states",
                    "evaluations-sink/writer_raw_states",
                    "history/_timer_state/event_user-timers",
                    "history/_timer_state/processing_user-timers",
                    "interactions/SourceReaderState",
                    "item-context/_timer_state/event_user-timers",
                    "item-context/_timer_state/processing_user-timers",
                    "items/SourceReaderState",
                    "model-checkpoints-sink/streaming_committer_raw_states",
                    "model-checkpoints-sink/writer_raw_states",
                    "recommendations-sink/streaming_committer_raw_states",
                    "recommendations-sink/writer_raw_states",
                    "request-assembly/_timer_state/event_user-timers",
                    "request-assembly/_timer_state/processing_user-timers",
                    "requests/SourceReaderState",
                    "responses/_timer_state/event_exposures",
                    "responses/_timer_state/processing_exposures");

    /**
     * Fields of earlier releases that are dropped on purpose: weights without the names of their
     * features, which are learned again within some hundred requests; titles that nothing reads.
     */
    static final Set<String> DROPPED =
            Set.of(
                    "io.freshet.recommend.FusionState/weights",
                    "io.freshet.recommend.FusionState/squares",
                    "io.freshet.item.PendingItemState/title");

    private ReleasedStates() {}

    static Set<String> names() {
        Set<String> names = new TreeSet<>(OWN.keySet());
        names.addAll(FLINKS);
        return names;
    }

    /** The distinct types of the job's own states, by name. */
    static Map<String, Class<?>> types() {
        Map<String, Class<?>> types = new TreeMap<>();
        OWN.values().forEach(type -> types.put(type.getTypeName(), type));
        return types;
    }

    static String newest() {
        return RELEASES.get(RELEASES.size() - 1);
    }
}
