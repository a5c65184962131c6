package io.freshet.item;

import io.freshet.event.FollowerCounts;
import io.freshet.event.RecommendationRequest;
import io.freshet.event.RequestPart;
import io.freshet.runtime.state.CachedMapState;
import io.freshet.runtime.state.CachingFunction;
import io.freshet.runtime.state.StateCaches;
import java.util.Arrays;
import java.util.Objects;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Puts the parts of a request together again once all have the statistics of their items. Keyed by
 * user. A request's parts have one timestamp, so it leaves before the watermark passes it. State
 * has incomplete requests only.
 */
public final class RequestAssembly
        extends KeyedProcessFunction<String, RequestPart, RecommendationRequest>
        implements CachingFunction {

    private static final long serialVersionUID = 1L;

    private transient CachedMapState<RequestPart[]> incomplete;

    @Override
    public void openStates(StateCaches caches) {
        incomplete =
                caches.of(
                        getRuntimeContext()
                                .getMapState(
                                        new MapStateDescriptor<>(
                                                "incomplete",
                                                Types.STRING,
                                                TypeInformation.of(RequestPart[].class))));
    }

    @Override
    public void processElement(
            RequestPart part, Context context, Collector<RecommendationRequest> out)
            throws Exception {
        RequestPart[] parts = {part};
        if (part.hops() > 1) {
            parts = with(part, incomplete.get(part.requestId()));
            if (parts.length < part.hops()) {
                incomplete.put(part.requestId(), parts);
                return;
            }
            incomplete.remove(part.requestId());
        }
        out.collect(whole(parts));
    }

    private static RequestPart[] with(RequestPart part, RequestPart @Nullable [] others) {
        if (others == null) {
            return new RequestPart[] {part};
        }
        RequestPart[] parts = Arrays.copyOf(others, others.length + 1);
        parts[others.length] = part;
        return parts;
    }

    private static RecommendationRequest whole(RequestPart[] parts) {
        FollowerCounts[] byHop = new FollowerCounts[parts.length];
        RecommendationRequest request = null;
        for (RequestPart part : parts) {
            byHop[part.hop()] = part.followers();
            request = part.hop() == 0 ? part.request() : request;
        }
        return Objects.requireNonNull(request, "hop 0 has the request").withFollowers(byHop);
    }
}
