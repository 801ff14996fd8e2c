package io.saccade.video.access;

import java.net.InetAddress;
import java.util.List;

/**
 * A URI whose host was checked, with the checked addresses. Public for the package {@code rtsp}
 * only.
 *
 * @param uri the URI to request
 * @param addresses the only addresses to connect to, at least one
 */
public record RemoteEndpoint(RemoteUri uri, List<InetAddress> addresses) {}
