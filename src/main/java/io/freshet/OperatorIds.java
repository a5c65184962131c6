package io.freshet;

/**
 * The uid of every operator. Savepoints find their state by these: never change or reuse one. A
 * test holds them against the topology.
 */
public final class OperatorIds {

    public static final String INTERACTIONS = "interactions";
    public static final String INTERACTIONS_SPLIT = "interactions-split";
    public static final String ITEMS = "items";
    public static final String ITEMS_SPLIT = "items-split";
    public static final String USERS = "users";
    public static final String USERS_SPLIT = "users-split";
    public static final String REQUESTS = "requests";
    public static final String REQUESTS_SPLIT = "requests-split";
    public static final String SIGNALS_FROM_REQUESTS = "signals-from-requests";
    public static final String CONTROLS = "controls";
    public static final String CONTROLS_SPLIT = "controls-split";
    public static final String CONTROL_ADMISSION = "control-admission";
    public static final String SIGNALS_FROM_CONTROLS = "signals-from-controls";
    public static final String HISTORY = "history";
    public static final String ITEM_CONTEXT = "item-context";
    public static final String REQUEST_ASSEMBLY = "request-assembly";
    public static final String ITEM_ENCODER = "item-encoder";
    public static final String FINE_TUNER = "fine-tuner";
    public static final String UPDATES_FROM_POPULARITY = "updates-from-popularity";
    public static final String UPDATES_FROM_ITEMS = "updates-from-items";
    public static final String RECOMMENDER = "recommender";
    public static final String PROBE_EVALUATION = "probe-evaluation";
    public static final String PROFILES_OF_ITEMS = "profiles-of-items";
    public static final String RESPONSES = "responses";
    public static final String RESPONSE_EVALUATION = "response-evaluation";
    public static final String AUDIT = "audit";
    public static final String JOB_PRESENCE = "job-presence";
    public static final String RECOMMENDATIONS_SINK = "recommendations-sink";
    public static final String MODEL_CHECKPOINTS_SINK = "model-checkpoints-sink";
    public static final String EVALUATIONS_SINK = "evaluations-sink";
    public static final String DEAD_LETTERS_SINK = "dead-letters-sink";
    public static final String AUDIT_SINK = "audit-sink";

    private OperatorIds() {}
}
