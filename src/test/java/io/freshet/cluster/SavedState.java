package io.freshet.cluster;

import io.freshet.history.HistoryState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.api.OperatorIdentifier;
import org.apache.flink.state.api.SavepointReader;
import org.apache.flink.state.api.functions.KeyedStateReaderFunction;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;
import org.apache.flink.util.Collector;

/** What a canonical savepoint holds, read by Flink's own state processor. */
final class SavedState {

    private final String savepoint;

    SavedState(String savepoint) {
        this.savepoint = savepoint;
    }

    /** Positions of every user's history, oldest first, as {@link ShopStream#position} has them. */
    Map<String, List<String>> histories() throws Exception {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(1);
        Map<String, List<String>> histories = new TreeMap<>();
        try (CloseableIterator<String[]> found =
                SavepointReader.read(env, savepoint, new HashMapStateBackend())
                        .readKeyedState(
                                OperatorIdentifier.forUid("history"),
                                new Histories(),
                                Types.STRING,
                                Types.OBJECT_ARRAY(Types.STRING))
                        .executeAndCollect()) {
            while (found.hasNext()) {
                List<String> history = List.of(found.next());
                histories.put(history.get(0), history.subList(1, history.size()));
            }
        }
        return histories;
    }

    /** A user's id, and then the history. */
    private static final class Histories extends KeyedStateReaderFunction<String, String[]> {

        private static final long serialVersionUID = 1L;

        private transient ValueState<HistoryState> histories;

        @Override
        public void open(OpenContext context) {
            ValueStateDescriptor<HistoryState> descriptor =
                    new ValueStateDescriptor<>("history", TypeInformation.of(HistoryState.class));
            descriptor.enableTimeToLive(StateTtlConfig.newBuilder(Duration.ofDays(1)).build());
            histories = getRuntimeContext().getState(descriptor);
        }

        @Override
        public void readKey(String user, Context context, Collector<String[]> out)
                throws Exception {
            HistoryState history = histories.value();
            List<String> positions = new ArrayList<>(List.of(user));
            for (int i = 0; i < history.items.length; i++) {
                positions.add(ShopStream.position(history.items[i], history.timestamps[i]));
            }
            out.collect(positions.toArray(String[]::new));
        }
    }
}
