package io.freshet.training.operator;

import io.freshet.event.EncodedItem;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.TrainingSignal;
import io.freshet.model.ModelRuntime;
import io.freshet.training.TrainingSettings;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperatorFactory;

/** Makes the {@link FineTuneOperator} with the mailbox that training results come back through. */
public final class FineTuneOperatorFactory extends AbstractStreamOperatorFactory<ModelCheckpoint>
        implements TwoInputStreamOperatorFactory<TrainingSignal, EncodedItem, ModelCheckpoint> {

    private static final long serialVersionUID = 1L;

    private final TrainingSettings settings;
    private final ModelRuntime runtime;
    private final boolean aligned;

    /** A fine-tuner of a running job, for which the catalog is whatever has arrived. */
    public FineTuneOperatorFactory(TrainingSettings settings, ModelRuntime runtime) {
        this(settings, runtime, false);
    }

    /**
     * @param aligned whether a window waits, in event time, for the catalog up to its end, and uses
     *     nothing of the catalog after that: exact and repeatable, for replays
     */
    public FineTuneOperatorFactory(
            TrainingSettings settings, ModelRuntime runtime, boolean aligned) {
        this.settings = settings;
        this.runtime = runtime;
        this.aligned = aligned;
    }

    @Override
    @SuppressWarnings("unchecked") // the interface's own contract: T is this factory's operator
    public <T extends StreamOperator<ModelCheckpoint>> T createStreamOperator(
            StreamOperatorParameters<ModelCheckpoint> parameters) {
        return (T) new FineTuneOperator(parameters, settings, runtime, aligned);
    }

    @Override
    @SuppressWarnings("rawtypes")
    public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
        return FineTuneOperator.class;
    }
}
