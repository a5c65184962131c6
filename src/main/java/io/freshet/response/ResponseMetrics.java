package io.freshet.response;

import io.freshet.response.UserExposures.PendingExposure;
import io.freshet.runtime.ClassificationMetrics;
import io.freshet.runtime.MovingMean;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/** What the response stage counts. */
final class ResponseMetrics {

    private static final int EXPOSURES = 1000;

    private final Counter judged;
    private final Counter responses;
    private final Counter leftOut;
    private final MovingMean loss = new MovingMean(EXPOSURES);

    ResponseMetrics(MetricGroup group) {
        // exposures whose outcome is known
        judged = group.counter("judgedExposures");
        // of them, those with a response
        responses = group.counter("responses");
        // exposures that were there before, or too many of one user at once
        leftOut = group.counter("exposuresLeftOut");
        // mean log loss of about the last thousand predictions, nats
        group.gauge("logLoss", (Gauge<Double>) loss::get);
    }

    void judged(PendingExposure exposure) {
        judged.inc();
        if (exposure.responded) {
            responses.inc();
        }
        loss.add(ClassificationMetrics.logLoss(exposure.probability, exposure.responded), 1);
    }

    void leftOut() {
        leftOut.inc();
    }
}
