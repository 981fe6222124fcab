"""The demo shop: a restaurant's menu, cart and checkout as pages of FLOW, and the guest's receipt with live status."""
