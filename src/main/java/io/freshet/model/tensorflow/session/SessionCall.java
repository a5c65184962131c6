package io.freshet.model.tensorflow.session;

import ai.djl.tensorflow.engine.SavedModelBundle;
import ai.djl.tensorflow.engine.javacpp.JavacppUtils;
import ai.djl.util.Pair;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.tensorflow.internal.c_api.TF_Operation;
import org.tensorflow.internal.c_api.TF_Tensor;

/**
 * One run of the session behind DJL's bundle, and the owner of its native memory: tensors are
 * copied in once, copied out once, and freed by {@link #close}. To be used by one thread.
 *
 * <p>{@code TfSymbolBlock.forward} is no substitute: it runs the model's init op again with every
 * call, which resets the tables of a user's model, and takes every tensor through DJL's eager
 * context.
 */
final class SessionCall implements AutoCloseable {

    private final SavedModelBundle bundle;
    private final PointerScope scope = new PointerScope();
    private final Ends feeds = new Ends();
    private final List<TF_Tensor> fed = new ArrayList<>();
    private final Ends fetches = new Ends();
    private final Ends targets = new Ends();
    private TF_Tensor[] results = {};

    SessionCall(SavedModelBundle bundle) {
        this.bundle = bundle;
    }

    void feed(String tensorName, TF_Tensor value) {
        feeds.add(tensorName);
        fed.add(value);
    }

    /** Asks for a tensor; {@link #result} has them in the order asked for. */
    void fetch(String tensorName) {
        fetches.add(tensorName);
    }

    void target(String operationName) {
        targets.add(operationName);
    }

    void run() {
        results =
                JavacppUtils.runSession(
                        bundle.getSession(),
                        null,
                        fed.toArray(new TF_Tensor[0]),
                        feeds.operations(),
                        feeds.indices(),
                        fetches.operations(),
                        fetches.indices(),
                        targets.operations());
    }

    TF_Tensor result(int index) {
        return results[index];
    }

    @Override
    public void close() {
        for (Pointer result : results) {
            result.close();
        }
        scope.close();
    }

    /** Places in the graph. */
    private final class Ends {

        private final List<Pair<TF_Operation, Integer>> ends = new ArrayList<>();

        void add(String name) {
            ends.add(JavacppUtils.getGraphOperationByName(bundle.getGraph(), name));
        }

        TF_Operation[] operations() {
            return ends.stream().map(Pair::getKey).toArray(TF_Operation[]::new);
        }

        int[] indices() {
            return ends.stream().mapToInt(Pair::getValue).toArray();
        }
    }
}
