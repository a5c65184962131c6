package io.freshet.demo;

import io.freshet.model.ModelRuntime;
import io.freshet.model.ModelSpec;
import io.freshet.model.RecommenderModel;
import io.freshet.model.StepRates;
import io.freshet.model.TrainingBatch;
import io.freshet.model.WeightChanges;
import io.freshet.model.tensorflow.TensorFlowModelRuntime;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Models whose calls are noted, in a job that runs in this process. */
final class WatchedModels implements ModelRuntime {

    private static final long serialVersionUID = 1L;
    private static final List<Call> CALLS = new ArrayList<>();
    private static final List<Step> STEPS = new ArrayList<>();
    private static final int MOST_STEPS = 500;

    private final TensorFlowModelRuntime runtime = new TensorFlowModelRuntime();

    /**
     * A call of a model's method.
     *
     * @param model which one, by its identity
     * @param begin {@link System#nanoTime()} when it began
     * @param end the same when it returned
     * @param subject of a training step the number of its targets; of changes that were exported or
     *     imported a hash of them; else 0
     */
    record Call(int model, String method, long begin, long end, int subject) {

        boolean is(String wanted) {
            return method.equals(wanted);
        }
    }

    /** A training step. */
    record Step(TrainingBatch batch, StepRates rates) {}

    /** All calls since the last time, in the order of their ends. */
    static List<Call> takeCalls() {
        synchronized (CALLS) {
            List<Call> taken = List.copyOf(CALLS);
            CALLS.clear();
            return taken;
        }
    }

    /** The first training steps since the last time. */
    static List<Step> takeSteps() {
        synchronized (CALLS) {
            List<Step> taken = List.copyOf(STEPS);
            STEPS.clear();
            return taken;
        }
    }

    @Override
    public RecommenderModel create(ModelSpec spec) {
        return watched(runtime.create(spec));
    }

    @Override
    public RecommenderModel load(Path directory) throws IOException {
        return watched(runtime.load(directory));
    }

    private static RecommenderModel watched(RecommenderModel model) {
        return (RecommenderModel)
                Proxy.newProxyInstance(
                        RecommenderModel.class.getClassLoader(),
                        new Class<?>[] {RecommenderModel.class},
                        (proxy, method, arguments) -> call(model, method, arguments));
    }

    private static Object call(RecommenderModel model, Method method, Object[] arguments)
            throws Throwable {
        long begin = System.nanoTime();
        try {
            Object result = method.invoke(model, arguments);
            long end = System.nanoTime();
            int subject = subject(method.getName(), arguments, result);
            synchronized (CALLS) {
                CALLS.add(
                        new Call(
                                System.identityHashCode(model),
                                method.getName(),
                                begin,
                                end,
                                subject));
            }
            return result;
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static int subject(String method, Object[] arguments, Object result) {
        return switch (method) {
            case "train" -> noted(new Step((TrainingBatch) arguments[0], (StepRates) arguments[1]));
            case "exportChanges" -> hash((WeightChanges) result);
            case "importChanges" -> hash((WeightChanges) arguments[0]);
            default -> 0;
        };
    }

    private static int noted(Step step) {
        synchronized (CALLS) {
            if (STEPS.size() < MOST_STEPS) {
                STEPS.add(step);
            }
        }
        return step.batch().positions().length;
    }

    /** Of the rows that were trained, among which are the negatives that were drawn. */
    private static int hash(WeightChanges changes) {
        return 31 * Arrays.hashCode(changes.trainedRows()) + changes.rows();
    }
}
