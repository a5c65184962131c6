package io.freshet.recommend.operator;

import io.freshet.event.ControlReport;
import io.freshet.event.RecommendationList;
import io.freshet.event.Removal;
import java.util.List;
import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** Where a list goes: users' lists and tombstones to the main output, probes' to their own. */
final class ListOutput {

    private final Output<StreamRecord<RecommendationList>> output;

    ListOutput(Output<StreamRecord<RecommendationList>> output) {
        this.output = output;
    }

    /** A tombstone is reported besides: it attests that the user's lists are gone. */
    void emit(RecommendationList list) {
        StreamRecord<RecommendationList> record = new StreamRecord<>(list, list.timestamp());
        if (list.isProbe()) {
            output.collect(RecommenderOperator.PROBES, record);
        } else {
            output.collect(record);
        }
        if (list.path() == RecommendationList.Path.FORGOTTEN) {
            output.collect(RecommenderOperator.REPORTS, new StreamRecord<>(attestation(list)));
        }
    }

    private static ControlReport attestation(RecommendationList tombstone) {
        long now = tombstone.servedAt();
        return ControlReport.removal(
                tombstone.requestId(),
                ControlReport.Stage.RECOMMENDER,
                "",
                now,
                List.of(new Removal(Removal.Place.RECOMMENDATIONS, 1, now)));
    }
}
