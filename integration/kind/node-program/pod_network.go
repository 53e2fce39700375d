package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/coreos/go-iptables/iptables"
	"github.com/vishvananda/netlink"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
	"k8s.io/klog/v2"
)

// podNetwork gives the pods of one node their addresses and the way to the pods of the other nodes.
type podNetwork struct {
	node     string
	pods     string
	confFile string
}

// connectPods follows the nodes of the cluster until it is told to stop. One runs on each node.
func connectPods() error {
	network := podNetwork{
		node:     os.Getenv("NODE_NAME"),
		pods:     os.Getenv("POD_SUBNET"),
		confFile: filepath.Join(os.Getenv("CNI_CONFIG"), "10-pods.conflist"),
	}
	if network.node == "" || network.pods == "" {
		return fmt.Errorf("set NODE_NAME to this node's name and POD_SUBNET to the addresses of all pods")
	}
	config, err := rest.InClusterConfig()
	if err != nil {
		return err
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	if err := network.masquerade(); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	factory := informers.NewSharedInformerFactory(client, 0)
	nodes := factory.Core().V1().Nodes().Informer()
	failed := make(chan error, 1)
	follow := func(object any) {
		if err := network.follow(object.(*corev1.Node)); err != nil {
			// The first error ends the program: the kubelet starts it again, and all nodes are read anew.
			select {
			case failed <- err:
			default:
			}
		}
	}
	if _, err := nodes.AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc:    follow,
		UpdateFunc: func(_, object any) { follow(object) },
	}); err != nil {
		return err
	}
	factory.Start(ctx.Done())
	select {
	case <-ctx.Done():
		return nil
	case err := <-failed:
		return err
	}
}

// follow brings this node in line with what is now known of one node.
func (n podNetwork) follow(node *corev1.Node) error {
	if node.Spec.PodCIDR == "" {
		return nil
	}
	if node.Name == n.node {
		return n.writeConfiguration(node.Spec.PodCIDR)
	}
	_, pods, err := net.ParseCIDR(node.Spec.PodCIDR)
	if err != nil {
		return err
	}
	for _, address := range node.Status.Addresses {
		if address.Type != corev1.NodeInternalIP {
			continue
		}
		gateway := net.ParseIP(address.Address)
		if gateway == nil || gateway.To4() == nil {
			continue
		}
		if err := netlink.RouteReplace(&netlink.Route{Dst: pods, Gw: gateway}); err != nil {
			return fmt.Errorf("route to the pods of node %s through %s: %w", node.Name, gateway, err)
		}
	}
	return nil
}

// writeConfiguration tells the container runtime how pods of this node get their network.
//
// Each pod has a cable of its own to the node (ptp) instead of a common bridge: every packet is then routed by
// the node and passes the rules that enforce NetworkPolicies, whatever the kernel does with bridged packets.
func (n podNetwork) writeConfiguration(pods string) error {
	configuration, err := json.MarshalIndent(map[string]any{
		"cniVersion": "0.4.0",
		"name":       "pods",
		"plugins": []any{
			map[string]any{
				"type":   "ptp",
				"ipMasq": false,
				"ipam": map[string]any{
					"type":    "host-local",
					"dataDir": "/run/cni-addresses",
					"routes":  []any{map[string]any{"dst": "0.0.0.0/0"}},
					"ranges":  []any{[]any{map[string]any{"subnet": pods}}},
				},
			},
			map[string]any{"type": "portmap", "capabilities": map[string]any{"portMappings": true}},
		},
	}, "", "  ")
	if err != nil {
		return err
	}
	if existing, err := os.ReadFile(n.confFile); err == nil && string(existing) == string(configuration) {
		return nil
	}
	// The runtime watches the directory: a rename shows it the whole file or none.
	temporary := n.confFile + ".new"
	if err := os.WriteFile(temporary, configuration, 0o644); err != nil {
		return err
	}
	klog.InfoS("pods of this node get addresses", "subnet", pods)
	return os.Rename(temporary, n.confFile)
}

// masquerade hides the addresses of pods from hosts outside the cluster, which have no way back to them. Between
// pods the addresses stay: NetworkPolicies select by them.
func (n podNetwork) masquerade() error {
	tables, err := iptables.New()
	if err != nil {
		return err
	}
	return tables.AppendUnique("nat", "POSTROUTING", "-s", n.pods, "!", "-d", n.pods,
		"-m", "addrtype", "!", "--dst-type", "LOCAL", "-j", "MASQUERADE")
}
