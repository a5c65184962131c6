package io.freshet;

import io.freshet.BaseTraining.CatalogContent;
import io.freshet.config.DeviceConfig;
import io.freshet.config.DeviceConfig.Device;
import io.freshet.config.FreshetConfig;
import io.freshet.control.AuditFunction;
import io.freshet.control.ControlAdmissionFunction;
import io.freshet.event.AuditEvent;
import io.freshet.event.CatalogItem;
import io.freshet.event.Control;
import io.freshet.event.ControlReport;
import io.freshet.event.EncodedItem;
import io.freshet.event.Evaluation;
import io.freshet.event.Interaction;
import io.freshet.event.ItemPopularity;
import io.freshet.event.ItemSignal;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.PredictedResponse;
import io.freshet.event.Profile;
import io.freshet.event.RecommendationList;
import io.freshet.event.RecommendationRequest;
import io.freshet.event.RecommenderUpdate;
import io.freshet.event.RequestPart;
import io.freshet.event.ResponseSignal;
import io.freshet.event.TrainingSignal;
import io.freshet.event.UserSignal;
import io.freshet.event.query.Query;
import io.freshet.history.HistoryFunction;
import io.freshet.item.ItemContextFunction;
import io.freshet.item.RequestAssembly;
import io.freshet.item.encoder.ItemEncoderOperatorFactory;
import io.freshet.model.ModelRuntime;
import io.freshet.model.TextEncoderRuntime;
import io.freshet.model.tensorflow.TensorFlowModelRuntime;
import io.freshet.model.tensorflow.bert.TextEncoders;
import io.freshet.recommend.ProbeEvaluationFunction;
import io.freshet.recommend.operator.RecommenderOperator;
import io.freshet.recommend.operator.RecommenderOperatorFactory;
import io.freshet.response.ResponseEvaluationFunction;
import io.freshet.response.ResponseOperator;
import io.freshet.runtime.state.CachingKeyedCoProcessOperator;
import io.freshet.runtime.state.CachingKeyedProcessOperator;
import io.freshet.training.TrainingSettings;
import io.freshet.training.operator.FineTuneOperator;
import io.freshet.training.operator.FineTuneOperatorFactory;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.dag.Transformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.jspecify.annotations.Nullable;

/**
 * The stages and the arrows between them, and nothing else. With it the operators are a library: a
 * job that has its own sources and sinks hands in its streams and gets the outputs' streams back.
 *
 * <ul>
 *   <li>Interactions carry event time and watermarks; those of a user are in the order in which
 *       they happened. Their partition and offset are unique together, and ascend in a partition:
 *       they say what a version was trained on.
 *   <li>State, checkpoints and exactly-once processing are the environment's, as {@code
 *       flink-conf/config.yaml} sets them; {@code FreshetJob.build} checks them for Kafka.
 *   <li>Operators have uids, and so a savepoint outlives another way of reading or writing.
 *   <li>On the way from an interaction to its list no record waits for its buffer to fill for more
 *       than 5 ms; the operator that gives the interactions is set so, unless it has a buffer
 *       timeout already.
 * </ul>
 */
public final class JobTopology {

    /**
     * What flows in.
     *
     * @param users what is known of users; null for nothing
     * @param queries ask for lists; null for none but those that interactions lead to
     */
    public record Inputs(
            DataStream<Interaction> interactions,
            DataStream<CatalogItem> items,
            @Nullable DataStream<Profile> users,
            @Nullable DataStream<Query> queries,
            DataStream<Control> controls) {

        /** Nothing is known of users, and nothing asked for. */
        public Inputs(
                DataStream<Interaction> interactions,
                DataStream<CatalogItem> items,
                DataStream<Control> controls) {
            this(interactions, items, null, null, controls);
        }
    }

    /**
     * What flows out.
     *
     * @param probes lists to be compared with what users did, not to be served
     * @param responses predicted responses to exposures, with what came
     */
    public record Outputs(
            DataStream<RecommendationList> lists,
            DataStream<RecommendationList> probes,
            DataStream<PredictedResponse> responses,
            DataStream<ModelCheckpoint> checkpoints,
            DataStream<Evaluation> evaluations,
            DataStream<AuditEvent> audit) {}

    private static final int PROBES_PER_EVALUATION = 500;
    private static final int RESPONSES_PER_EVALUATION = 2000;
    private static final Duration TIME_PER_EVALUATION = Duration.ofDays(1);

    /**
     * How long a record waits at most for its buffer to fill, on the way from an interaction to its
     * list. There are five such buffers, and at Flink's 100 ms they are most of what a list takes;
     * elsewhere nobody waits for a record, and each output wakes a thread that often.
     */
    private static final Duration BUFFER_TIMEOUT = Duration.ofMillis(5);

    private final FreshetConfig config;
    private final ModelRuntime trained;
    private final ModelRuntime served;
    private final CatalogContent content;

    private JobTopology(
            FreshetConfig config,
            TextEncoderRuntime encoder,
            ModelRuntime trained,
            ModelRuntime served) {
        this.config = config;
        this.content = CatalogContent.of(config, encoder);
        this.trained = trained;
        this.served = served;
    }

    /**
     * Wires the job between its inputs and outputs: the reference model, the configured encoder.
     */
    public static Outputs build(FreshetConfig config, Inputs inputs) {
        return build(config, TextEncoders.of(config.encoder()), inputs);
    }

    /** The same with another text encoder. */
    public static Outputs build(FreshetConfig config, TextEncoderRuntime encoder, Inputs inputs) {
        TensorFlowModelRuntime models =
                new TensorFlowModelRuntime(TextEncoders.unfrozen(config.encoder()))
                        .allowing(config.store().allowedOperations());
        DeviceConfig devices = config.device();
        ModelRuntime trained = placed(models, devices.training(), devices);
        ModelRuntime served = placed(models, devices.recommend(), devices);
        return new JobTopology(config, encoder, trained, served).wire(inputs);
    }

    /**
     * The same with models of another engine, which choose their device by themselves, and the
     * configured encoder.
     */
    public static Outputs build(FreshetConfig config, ModelRuntime models, Inputs inputs) {
        TextEncoderRuntime encoder = TextEncoders.of(config.encoder());
        return new JobTopology(config, encoder, models, models).wire(inputs);
    }

    private Outputs wire(Inputs inputs) {
        var controls = controlAdmission(inputs.controls());
        var signals = userSignals(controls, inputs.queries());
        var history = history(inputs.interactions(), signals);
        var parts = itemContext(history);
        var requests = requestAssembly(parts);
        var items = itemEncoder(inputs.items());
        var training =
                history.getSideOutput(HistoryFunction.TRAINING)
                        .union(controls.getSideOutput(ControlAdmissionFunction.TRAINING));
        var checkpoints = fineTuner(training, items);
        var popularity = parts.getSideOutput(ItemContextFunction.POPULARITY);
        var models = checkpoints.getSideOutput(FineTuneOperator.UPDATES);
        var lists = recommender(requests, updates(models, popularity, items));
        var probes = lists.getSideOutput(RecommenderOperator.PROBES);
        var responses =
                responses(
                        history.getSideOutput(HistoryFunction.RESPONSES),
                        profiles(inputs.items(), inputs.users()));
        var evaluations =
                probeEvaluation(probes)
                        .union(
                                checkpoints.getSideOutput(FineTuneOperator.EVALUATIONS),
                                responseEvaluation(responses));
        var audit =
                audit(
                        controls.getSideOutput(ControlAdmissionFunction.REPORTS)
                                .union(
                                        history.getSideOutput(HistoryFunction.REPORTS),
                                        checkpoints.getSideOutput(FineTuneOperator.REPORTS),
                                        lists.getSideOutput(RecommenderOperator.REPORTS),
                                        responses.getSideOutput(ResponseOperator.REPORTS)));
        hurry(List.of(inputs.interactions(), history, parts, requests, lists));
        return new Outputs(lists, probes, responses, checkpoints, evaluations, audit);
    }

    private SingleOutputStreamOperator<Control> controlAdmission(DataStream<Control> controls) {
        return named(
                OperatorIds.CONTROL_ADMISSION,
                controls.keyBy(Control::controlId)
                        .process(
                                new ControlAdmissionFunction(
                                        config.control(), config.ingest().maxFuture()),
                                type(Control.class))
                        .forceNonParallel());
    }

    private static DataStream<UserSignal> userSignals(
            DataStream<Control> controls, @Nullable DataStream<Query> queries) {
        var type = type(UserSignal.class);
        DataStream<UserSignal> ofControls =
                named(
                        OperatorIds.SIGNALS_FROM_CONTROLS,
                        controls.map(UserSignal::of)
                                .returns(type)
                                .setParallelism(1)); // several would mix up the order
        if (queries == null) {
            return ofControls;
        }
        var ofRequests =
                named(OperatorIds.SIGNALS_FROM_REQUESTS, queries.map(UserSignal::of).returns(type));
        hurry(List.of(queries, ofRequests));
        return ofRequests.union(ofControls);
    }

    private SingleOutputStreamOperator<ItemSignal> history(
            DataStream<Interaction> interactions, DataStream<UserSignal> signals) {
        return named(
                OperatorIds.HISTORY,
                interactions
                        .keyBy(Interaction::userId)
                        .connect(signals.keyBy(UserSignal::key))
                        .transform(
                                OperatorIds.HISTORY,
                                type(ItemSignal.class),
                                new CachingKeyedCoProcessOperator<>(
                                        new HistoryFunction(
                                                config.history(),
                                                TakenAttributes.ofPositions(config)),
                                        config.state().cachedKeys())));
    }

    private SingleOutputStreamOperator<RequestPart> itemContext(DataStream<ItemSignal> signals) {
        return named(
                OperatorIds.ITEM_CONTEXT,
                signals.keyBy(ItemSignal::itemId)
                        .transform(
                                OperatorIds.ITEM_CONTEXT,
                                type(RequestPart.class),
                                new CachingKeyedProcessOperator<>(
                                        new ItemContextFunction(
                                                config.item(), config.recommend().candidates()),
                                        config.state().cachedKeys())));
    }

    private SingleOutputStreamOperator<RecommendationRequest> requestAssembly(
            DataStream<RequestPart> parts) {
        return named(
                OperatorIds.REQUEST_ASSEMBLY,
                parts.keyBy(RequestPart::userId)
                        .transform(
                                OperatorIds.REQUEST_ASSEMBLY,
                                type(RecommendationRequest.class),
                                new CachingKeyedProcessOperator<>(
                                        new RequestAssembly(), config.state().cachedKeys())));
    }

    private SingleOutputStreamOperator<EncodedItem> itemEncoder(DataStream<CatalogItem> items) {
        return named(
                OperatorIds.ITEM_ENCODER,
                items.keyBy(CatalogItem::itemId)
                        .transform(
                                OperatorIds.ITEM_ENCODER,
                                type(EncodedItem.class),
                                new ItemEncoderOperatorFactory(
                                        config.encoder(),
                                        config.item(),
                                        content.encoder(),
                                        content.attributes(),
                                        content.layout())));
    }

    private SingleOutputStreamOperator<ModelCheckpoint> fineTuner(
            DataStream<TrainingSignal> training, DataStream<EncodedItem> items) {
        var settings = TrainingSettings.of(config, content.layout());
        return named(
                OperatorIds.FINE_TUNER,
                training.connect(items)
                        .transform(
                                OperatorIds.FINE_TUNER,
                                type(ModelCheckpoint.class),
                                new FineTuneOperatorFactory(settings, trained, config.aligned()))
                        .forceNonParallel());
    }

    private static DataStream<RecommenderUpdate> updates(
            DataStream<RecommenderUpdate> models,
            DataStream<ItemPopularity> popularity,
            DataStream<EncodedItem> items) {
        var type = type(RecommenderUpdate.class);
        return models.union(
                named(
                        OperatorIds.UPDATES_FROM_POPULARITY,
                        popularity.map(RecommenderUpdate::of).returns(type)),
                named(
                        OperatorIds.UPDATES_FROM_ITEMS,
                        items.map(RecommenderUpdate::of).returns(type)));
    }

    private SingleOutputStreamOperator<RecommendationList> recommender(
            DataStream<RecommendationRequest> requests, DataStream<RecommenderUpdate> updates) {
        return named(
                OperatorIds.RECOMMENDER,
                requests.keyBy(RecommendationRequest::key)
                        .connect(updates.broadcast())
                        .transform(
                                OperatorIds.RECOMMENDER,
                                type(RecommendationList.class),
                                new RecommenderOperatorFactory(
                                        config.recommend(),
                                        config.item(),
                                        config.ingest().attributes().numbersOfItems(),
                                        new StoredModels(config.store(), served),
                                        config.aligned())));
    }

    private static SingleOutputStreamOperator<Evaluation> probeEvaluation(
            DataStream<RecommendationList> probes) {
        return named(
                OperatorIds.PROBE_EVALUATION,
                probes.process(
                                new ProbeEvaluationFunction(
                                        PROBES_PER_EVALUATION, TIME_PER_EVALUATION),
                                type(Evaluation.class))
                        // no more than one by force: a job of one would chain it to the
                        // recommender, and a savepoint of that fit no other parallelism
                        .setParallelism(1));
    }

    /** Profiles are kept for responses to exposures alone; where nothing is shown, of no item. */
    private DataStream<Profile> profiles(
            DataStream<CatalogItem> items, @Nullable DataStream<Profile> users) {
        boolean kept = config.history().feedback().hasExposures();
        DataStream<Profile> ofItems =
                named(
                        OperatorIds.PROFILES_OF_ITEMS,
                        items.<Profile>flatMap(
                                        (item, out) -> {
                                            if (kept) {
                                                out.collect(Profile.of(item));
                                            }
                                        })
                                .returns(type(Profile.class)));
        return users == null ? ofItems : ofItems.union(users);
    }

    private SingleOutputStreamOperator<PredictedResponse> responses(
            DataStream<ResponseSignal> signals, DataStream<Profile> profiles) {
        return named(
                OperatorIds.RESPONSES,
                signals.keyBy(ResponseOperator::key)
                        .connect(profiles.keyBy(ResponseOperator::key))
                        .transform(
                                OperatorIds.RESPONSES,
                                type(PredictedResponse.class),
                                new ResponseOperator(
                                        config.ingest().attributes(),
                                        config.history().response().window(),
                                        config.item().ttl(),
                                        config.state().cachedKeys()))
                        .forceNonParallel());
    }

    private static SingleOutputStreamOperator<Evaluation> responseEvaluation(
            DataStream<PredictedResponse> responses) {
        return named(
                OperatorIds.RESPONSE_EVALUATION,
                responses
                        .process(
                                new ResponseEvaluationFunction(
                                        RESPONSES_PER_EVALUATION, TIME_PER_EVALUATION),
                                type(Evaluation.class))
                        .setParallelism(1));
    }

    private SingleOutputStreamOperator<AuditEvent> audit(DataStream<ControlReport> reports) {
        return named(
                OperatorIds.AUDIT,
                reports.keyBy(ControlReport::controlId)
                        .process(
                                new AuditFunction(config.control(), config.ingest().maxFuture()),
                                type(AuditEvent.class))
                        .forceNonParallel());
    }

    private static void hurry(List<DataStream<?>> path) {
        for (DataStream<?> stream : path) {
            Transformation<?> stage = stream.getTransformation();
            if (stage.getBufferTimeout() < 0) { // not set
                stage.setBufferTimeout(BUFFER_TIMEOUT.toMillis());
            }
        }
    }

    private static ModelRuntime placed(
            TensorFlowModelRuntime models, Device device, DeviceConfig devices) {
        return switch (device) {
            case CPU -> models;
            case GPU -> models.onGpu(devices.gpuMemoryShare());
        };
    }

    private static <T> SingleOutputStreamOperator<T> named(
            String id, SingleOutputStreamOperator<T> stage) {
        return stage.uid(id).name(id);
    }

    private static <T> TypeInformation<T> type(Class<T> event) {
        return TypeInformation.of(event);
    }
}
