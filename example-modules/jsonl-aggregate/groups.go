package main

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
)

// Group is one result: the fields that make the group, how many lines it has, and its numbers.
type Group struct {
	Group  map[string]any      `json:"group"`
	Lines  int                 `json:"lines"`
	Values map[string]*Numbers `json:"values"`
}

// Numbers is what is known of a field's numbers in a group.
type Numbers struct {
	Count int     `json:"count"`
	Sum   float64 `json:"sum"`
	Mean  float64 `json:"mean"`
	Min   float64 `json:"min"`
	Max   float64 `json:"max"`
}

type groups struct {
	inputs Inputs
	byKey  map[string]*Group
}

func newGroups(inputs Inputs, known []*Group) *groups {
	made := &groups{inputs, map[string]*Group{}}
	for _, group := range known {
		made.byKey[made.key(group.Group)] = group
	}
	return made
}

// add takes one line in. What is no number in a field of values does not count.
func (g *groups) add(line string) error {
	if strings.TrimSpace(line) == "" {
		return nil
	}
	var object map[string]any
	if err := json.Unmarshal([]byte(line), &object); err != nil {
		return err
	}
	if object == nil {
		return errors.New("it is null")
	}
	key := g.key(object)
	group, known := g.byKey[key]
	if !known {
		group = &Group{Group: map[string]any{}, Values: map[string]*Numbers{}}
		for _, field := range g.inputs.GroupBy {
			group.Group[field] = object[field]
		}
		for _, field := range g.inputs.Values {
			group.Values[field] = &Numbers{}
		}
		g.byKey[key] = group
	}
	group.Lines++
	for _, field := range g.inputs.Values {
		if number, ok := object[field].(float64); ok {
			group.Values[field].add(number)
		}
	}
	return nil
}

// key is the group's values as JSON text: no two groups have the same.
func (g *groups) key(object map[string]any) string {
	var values []any
	for _, field := range g.inputs.GroupBy {
		values = append(values, object[field])
	}
	text, _ := json.Marshal(values) // what was read from JSON can be written as JSON
	return string(text)
}

func (g *groups) inOrder() []*Group {
	list := make([]*Group, 0, len(g.byKey))
	for _, key := range slices.Sorted(maps.Keys(g.byKey)) {
		list = append(list, g.byKey[key])
	}
	return list
}

func (n *Numbers) add(number float64) {
	if n.Count == 0 {
		n.Min, n.Max = number, number
	}
	n.Count++
	n.Sum += number
	n.Min, n.Max = min(n.Min, number), max(n.Max, number)
	n.Mean = n.Sum / float64(n.Count)
}
